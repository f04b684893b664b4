package io.millrace.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.decode.DebeziumAvroDecoder;
import io.millrace.schemas.decode.Decoding;
import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.Row;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalServers.Extension.class)
class TypesIT {
    private static final String[] COLUMNS = {
        "flag boolean", "true",
        "small smallint", "-32768",
        "big bigint", "9223372036854775807",
        "single real", "1.5",
        "twice double precision", "-0.1",
        "price numeric(12,4)", "12345678.1234",
        "note varchar(20)", "'żółć'",
        "raw bytea", "'\\x00ff'",
        "day date", "'1969-12-31'",
        "hour time", "'23:59:59.123456'",
        "local timestamp", "'1999-12-31 23:59:59.123456'",
        "instant timestamptz", "'2024-02-29 12:00:00.5+02'",
        "first timestamp", "'0001-01-01 00:00:00.000001'",
        "caesar timestamptz", "'0044-03-15 12:00:00.5+00 BC'",
        "julian timestamp(3)", "'1500-02-28 23:59:59.999'",
        "gregorian timestamptz", "'1582-10-15 00:00:00+00'",
        "ago timestamp", "'-infinity'",
        "ever timestamptz", "'infinity'",
        "before timestamptz", "'-infinity'",
        "first_tz timestamptz", "'4713-01-01 00:00:00+00 BC'",
        "tag uuid", "'11111111-2222-3333-4444-555555555555'",
        "doc jsonb", "'{\"a\": 1}'",
        "words text[]", "ARRAY['x', NULL, 'z']",
        "amounts money[]", "'{$1.50,NULL,\"-$1,234.00\"}'",
        "spans interval[] NOT NULL DEFAULT '{1 day}'", "'{1 year -2 days 03:00,NULL}'",
        "days date[]", "'{2024-02-29,\"0044-03-15 BC\",infinity,NULL}'",
        "hours time[]", "'{24:00,00:00:00.000001,NULL}'",
        "clocks timetz[]", "'{12:00:00.000001+05:30,NULL}'",
        "locals timestamp[]", "'{1999-12-31 23:59:59.123456,\"0044-03-15 12:00:00 BC\",-infinity,NULL}'",
        "instants timestamptz[]", "'{2024-02-29 12:00:00.5+02,1500-02-28 12:00:00+00,infinity,NULL}'",
        "labels ltree[]", "'{a.b,NULL}'",
        "names name[]", "'{a,NULL}'",
        "codes varbit[]", "'{101,NULL}'",
        "flags bit[]", "'{1,0,NULL}'",
        "sheets xml[]", "'{<a>1</a>,NULL}'",
        "points point[]", "'{\"(1.5,-2)\",NULL}'",
        "cursors refcursor[]", "'{\"\",NULL}'",
        "mood mood", "'happy'",
        "moods mood[]", "'{happy,NULL}'",
        "underlined _mark", "'no array'",
        "marks _mark[]", "'{\"no array\"}'",
        "\"Größe (cm)\" int", "7",
        "nothing int", "NULL"
    };

    @Test
    void everyTypeIsDecodedToTheValueOfTheSource(LocalServers servers) throws Exception {
        StringBuilder table = new StringBuilder("CREATE TABLE item (id int PRIMARY KEY, name text");
        StringBuilder values = new StringBuilder("INSERT INTO item VALUES (1, 'row'");
        for (int i = 0; i < COLUMNS.length; i += 2) {
            table.append(", ").append(COLUMNS[i]);
            values.append(", ").append(COLUMNS[i + 1]);
        }
        Scene scene = new Scene(
                servers,
                "types",
                "CREATE EXTENSION ltree",
                "CREATE TYPE mood AS ENUM ('sad', 'happy')",
                "CREATE TYPE _mark AS ENUM ('no array')",
                table + ")",
                values + ")");
        try (TestCapture capture = scene.capture()) {
            scene.awaitRow(1);
            scene.run("UPDATE item SET id = 2");
            scene.awaitRow(2);
        }
        Map<String, Object> snapshot = decoded(scene, 0);
        assertThat(snapshot)
                .containsEntry("flag", true)
                .containsEntry("small", -32768)
                .containsEntry("big", Long.MAX_VALUE)
                .containsEntry("single", 1.5f)
                .containsEntry("twice", -0.1)
                .containsEntry("price", new BigDecimal("12345678.1234"))
                .containsEntry("note", "żółć")
                .containsEntry("raw", ByteBuffer.wrap(new byte[] {0, (byte) 0xff}))
                .containsEntry("day", -1)
                .containsEntry("hour", 86_399_123_456L)
                .containsEntry("local", 946_684_799_123_456L)
                .containsEntry("instant", 1_709_200_800_500_000L)
                .containsEntry("tag", UUID.fromString("11111111-2222-3333-4444-555555555555"))
                .containsEntry("words", Arrays.asList("x", null, "z"))
                .containsEntry("amounts", Arrays.asList("$1.50", null, "-$1,234.00"))
                .containsEntry("spans", Arrays.asList("P1Y0M-2DT3H0M0S", null))
                .containsEntry("days", Arrays.asList(19_782, -735_160, Integer.MAX_VALUE, null))
                .containsEntry("hours", Arrays.asList(86_400_000_000L, 1L, null))
                .containsEntry("clocks", Arrays.asList("06:30:00.000001Z", null))
                .containsEntry(
                        "locals",
                        Arrays.asList(
                                946_684_799_123_456L, -63_517_780_800_000_000L, -9_223_372_036_832_400_000L, null))
                .containsEntry(
                        "instants",
                        Arrays.asList(
                                1_709_200_800_500_000L, -14_826_715_200_000_000L, 9_223_372_036_825_200_000L, null))
                .containsEntry("labels", Arrays.asList("a.b", null))
                .containsEntry("names", Arrays.asList("a", null))
                .containsEntry("codes", Arrays.asList("101", null))
                .containsEntry("flags", Arrays.asList("1", "0", null))
                .containsEntry("sheets", Arrays.asList("<a>1</a>", null))
                .containsEntry("points", Arrays.asList("(1.5,-2)", null))
                .containsEntry("cursors", Arrays.asList("", null))
                .containsEntry("mood", "happy")
                .containsEntry("moods", Arrays.asList("happy", null))
                .containsEntry("underlined", "no array")
                .containsEntry("marks", List.of("no array"))
                .containsEntry("Größe (cm)", 7)
                .containsEntry("nothing", "null");
        assertThat(String.valueOf(snapshot.get("doc")).replace(" ", "")).isEqualTo("{\"a\":1}");
        Map<String, Object> streamed = decoded(scene, scene.records().size() - 1);
        snapshot.keySet().stream()
                .filter(column -> !column.equals("id"))
                .forEach(column -> assertThat(streamed.get(column)).as(column).isEqualTo(snapshot.get(column)));
    }

    /** The values of the row after a change, by column; the text "null" for null. */
    private static Map<String, Object> decoded(Scene scene, int index) {
        LocalKinesis.Consumed consumed = scene.records().stream()
                .filter(record -> record.partitionKey().endsWith(index == 0 ? "|1" : "|2"))
                .findFirst()
                .orElseThrow();
        Decoding decoding = new DebeziumAvroDecoder(scene.config().tables(), new FileRegistry(scene.objects()))
                .decode(new RawRecord(
                        "types",
                        "stream-types",
                        consumed.shard(),
                        "1",
                        consumed.partitionKey(),
                        consumed.arrivalMillis(),
                        consumed.data()));
        assertThat(decoding).isInstanceOf(Decoding.Changes.class);
        ChangeEvent change = ((Decoding.Changes) decoding).events().get(0);
        @Nullable Row row = change.after();
        Map<String, Object> values = new LinkedHashMap<>();
        if (row != null) {
            for (int i = 0; i < row.schema().columns().size(); i++) {
                values.put(row.schema().columns().get(i).name(), Objects.requireNonNullElse(row.value(i), "null"));
            }
        }
        return values;
    }
}
