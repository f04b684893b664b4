package io.millrace.schemas.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.KeyText;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.event.SourcePosition;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.pipeline.DeclaredType;
import io.millrace.schemas.pipeline.Quality;
import io.millrace.schemas.pipeline.TableRoute;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One history of a table, written as Debezium and as DMS write it, comes to the same rows. */
class SameHistoryTest {
    private static final TableId TABLE = new TableId("golden", "public", "parcels");

    /** The columns behind the key, as declared for Debezium's records and for DMS's. */
    private static final Map<String, String> DEBEZIUM = new LinkedHashMap<>();

    private static final Map<String, String> DMS = new LinkedHashMap<>();

    static {
        declare("id", "int64", "int64");
        declare("name", "string", "string");
        declare("price", "decimal(10,2,base64)", "decimal(10,2)");
        declare("sent_at", "timestamptz", "timestamptz");
        declare("born", "date", "date");
        declare("fragile", "boolean", "boolean");
        declare("label", "bytes", "bytes(hex)");
        declare("doc", "json", "json");
        declare("weight", "float64", "float64");
    }

    private static void declare(String column, String debezium, String dms) {
        DEBEZIUM.put(column, debezium);
        DMS.put(column, dms);
    }

    private static TableRoute route(Map<String, String> columns) {
        Map<String, DeclaredType> declared = new LinkedHashMap<>();
        columns.forEach((name, type) -> declared.put(name, Objects.requireNonNull(DeclaredType.parse(type))));
        return new TableRoute(TABLE, List.of("id"), declared, null, null, Map.of(), Quality.NONE);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 20_240_229})
    void debeziumAndDmsComeToTheSameRows(long seed) {
        RecordDecoder debezium = new DebeziumJsonDecoder(List.of(route(DEBEZIUM)));
        RecordDecoder dms = new DmsJsonDecoder(List.of(route(DMS)), "before-image");
        History history = new History(new Random(seed));
        Rows ofDebezium = new Rows();
        Rows ofDms = new Rows();
        for (int i = 0; i < 2_000; i++) {
            Change change = history.next();
            // Both deliver at least once, and what comes again comes after what was newer.
            List<Change> delivered = history.random.nextInt(10) == 0 ? history.lastFew() : List.of(change);
            for (Change each : delivered) {
                ofDebezium.apply(debezium.decode(raw(each.inDebezium())));
                ofDms.apply(dms.decode(raw(each.inDms(history.random))));
            }
        }

        assertThat(ofDms.texts()).as("seed %s", seed).isEqualTo(ofDebezium.texts());
        assertThat(ofDms.applied).as("seed %s", seed).isEqualTo(ofDebezium.applied);
        assertThat(ofDebezium.texts().keySet()).as("seed %s", seed).isEqualTo(history.keys());
    }

    private static RawRecord raw(String json) {
        return GoldenRecords.raw(json.getBytes(StandardCharsets.UTF_8));
    }

    /** The rows of a target, and what was done to them. */
    private static final class Rows {
        private final Map<RowKey, Row> rows = new HashMap<>();
        private final Map<RowKey, SourcePosition> positions = new HashMap<>();
        private final List<String> applied = new ArrayList<>();

        void apply(Decoding decoding) {
            assertThat(decoding).isInstanceOf(Decoding.Changes.class);
            for (ChangeEvent event : ((Decoding.Changes) decoding).events()) {
                SourcePosition position = Objects.requireNonNull(event.position());
                SourcePosition last = positions.get(event.key());
                if (last == null || last.compareTo(position) < 0) {
                    positions.put(event.key(), position);
                    applied.add(event.operation() + " " + event.key().id() + " at " + event.eventTimeMicros());
                    if (event.after() == null) {
                        rows.remove(event.key());
                    } else {
                        rows.put(event.key(), event.after());
                    }
                }
            }
        }

        Map<String, Map<String, String>> texts() {
            Map<String, Map<String, String>> texts = new TreeMap<>();
            rows.forEach((key, row) -> {
                Map<String, String> values = new TreeMap<>();
                for (int i = 0; i < row.schema().columns().size(); i++) {
                    var column = row.schema().columns().get(i);
                    Object value = row.value(i);
                    values.put(
                            column.name(),
                            column.type() + " " + (value == null ? "null" : KeyText.of(column.type(), value)));
                }
                texts.put(key.id(), values);
            });
            return texts;
        }
    }

    /** A change, as the source knows it. */
    private record Change(
            char operation,
            @Nullable Map<String, @Nullable Object> before,
            @Nullable Map<String, @Nullable Object> after,
            long lsn,
            Instant committed) {

        String inDebezium() {
            boolean keyChanged = before != null && after != null && !Objects.equals(before.get("id"), after.get("id"));
            return "{\"before\":" + (operation == 'd' || keyChanged ? object(keyOf(before), Change::debezium) : "null")
                    + ",\"after\":" + (after == null ? "null" : object(after, Change::debezium))
                    + ",\"source\":{\"schema\":\"public\",\"table\":\"parcels\",\"lsn\":" + lsn
                    + ",\"sequence\":\"[\\\"0\\\",\\\""
                    + lsn + "\\\"]\",\"ts_us\":" + micros(committed) + "},\"op\":\"" + operation + "\"}";
        }

        private static @Nullable Object debezium(Object value) {
            if (value instanceof BigDecimal decimal) {
                return quoted(Base64.getEncoder()
                        .encodeToString(decimal.unscaledValue().toByteArray()));
            }
            if (value instanceof LocalDate date) {
                return date.toEpochDay();
            }
            return value instanceof byte[] bytes ? quoted(Base64.getEncoder().encodeToString(bytes)) : plain(value);
        }

        /** With and without null columns, before image, and partition value. */
        String inDms(Random random) {
            Map<String, @Nullable Object> data = new LinkedHashMap<>(after == null ? keyOf(before) : after);
            if (random.nextBoolean()) {
                data.values().removeIf(Objects::isNull);
            }
            boolean keyChanged = before != null && after != null && !Objects.equals(before.get("id"), after.get("id"));
            Map<String, @Nullable Object> image =
                    keyChanged ? keyOf(before) : random.nextInt(3) == 0 && before != null ? before : Map.of();
            String position = "%08X/%08X".formatted(lsn >>> 32, lsn & 0xffff_ffffL);
            String operationName = switch (operation) {
                case 'c' -> "insert";
                case 'u' -> "update";
                default -> "delete";
            };
            return "{\"data\":" + object(data, Change::dms)
                    + (image.isEmpty() && random.nextBoolean() ? "" : ",\"before-image\":" + object(image, Change::dms))
                    + ",\"metadata\":{\"timestamp\":\"2024-03-01T00:00:00Z\",\"record-type\":\"data\",\"operation\":\""
                    + operationName + "\",\"schema-name\":\"public\",\"table-name\":\"parcels\",\"transaction-id\":"
                    + lsn % 1000 + ",\"transaction-record-id\":" + (1 + lsn % 3) + ",\"commit-timestamp\":\""
                    + committed
                    + "\",\"stream-position\":\"" + position + ".3." + position + "\"}}";
        }

        private static @Nullable Object dms(Object value) {
            if (value instanceof byte[] bytes) {
                return quoted("0x" + HexFormat.of().formatHex(bytes));
            }
            return value instanceof Boolean
                    ? quoted(value.toString())
                    : value instanceof BigDecimal ? value : plain(value);
        }

        private static Object plain(Object value) {
            return value instanceof Number || value instanceof Boolean ? value : quoted(value.toString());
        }

        private static Map<String, @Nullable Object> keyOf(@Nullable Map<String, @Nullable Object> row) {
            Map<String, @Nullable Object> key = new LinkedHashMap<>();
            Objects.requireNonNull(row).forEach((name, value) -> key.put(name, name.equals("id") ? value : null));
            return key;
        }

        private static String object(
                Map<String, @Nullable Object> values, Function<Object, @Nullable Object> spelling) {
            List<String> members = new ArrayList<>();
            values.forEach((name, value) ->
                    members.add(quoted(name) + ":" + (value == null ? "null" : spelling.apply(value))));
            return "{" + String.join(",", members) + "}";
        }

        private static String quoted(String text) {
            return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
        }

        private static long micros(Instant instant) {
            return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1000;
        }
    }

    /** A table's history, change by change. */
    private static final class History {
        private final Random random;
        private final Map<Long, Map<String, @Nullable Object>> rows = new TreeMap<>();
        private final List<Change> changes = new ArrayList<>();
        private long lsn = 0x1_7C00_0000L;

        History(Random random) {
            this.random = random;
        }

        Change next() {
            lsn += 8 * (1 + random.nextInt(100));
            Instant committed =
                    Instant.ofEpochSecond(1_709_000_000 + changes.size(), random.nextInt(1_000_000) * 1000L);
            long id = random.nextInt(50);
            Map<String, @Nullable Object> before = rows.get(id);
            Change change;
            if (before == null) {
                change = new Change('c', null, row(id), lsn, committed);
            } else if (random.nextInt(4) == 0) {
                change = new Change('d', before, null, lsn, committed);
            } else {
                long newId = random.nextInt(5) == 0 ? free(id) : id;
                change = new Change('u', before, row(newId), lsn, committed);
            }
            if (change.before() != null) {
                rows.remove(Objects.requireNonNull((Long) change.before().get("id")));
            }
            if (change.after() != null) {
                rows.put(Objects.requireNonNull((Long) change.after().get("id")), change.after());
            }
            changes.add(change);
            return change;
        }

        List<Change> lastFew() {
            return List.copyOf(changes.subList(Math.max(0, changes.size() - 20), changes.size()));
        }

        Set<String> keys() {
            return new TreeSet<>(rows.keySet().stream().map(String::valueOf).toList());
        }

        private long free(long id) {
            long other = id;
            while (rows.containsKey(other)) {
                other++;
            }
            return other;
        }

        private Map<String, @Nullable Object> row(long id) {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            row.put("id", id);
            row.put("name", orNull("Grüße \"" + random.nextInt(1000) + "\" 🚚 \\"));
            row.put("price", orNull(BigDecimal.valueOf(random.nextInt(2_000_000) - 1_000_000, 2)));
            row.put("sent_at", orNull(Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000) * 1000L)));
            row.put("born", orNull(LocalDate.ofEpochDay(random.nextInt(40_000) - 20_000)));
            row.put("fragile", orNull(random.nextBoolean()));
            byte[] bytes = new byte[random.nextInt(20)];
            random.nextBytes(bytes);
            row.put("label", orNull(bytes));
            row.put("doc", orNull("{\"n\": " + random.nextInt(10) + "}"));
            row.put("weight", orNull(random.nextInt(10_000) / 8.0));
            return row;
        }

        private @Nullable Object orNull(Object value) {
            return random.nextInt(5) == 0 ? null : value;
        }
    }
}
