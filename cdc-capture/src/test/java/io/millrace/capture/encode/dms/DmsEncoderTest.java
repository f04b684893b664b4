package io.millrace.capture.encode.dms;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.capture.encode.SnapshotOrder.SnapshotLsn;
import io.millrace.capture.encode.SourceChange;
import io.millrace.capture.publish.StreamRecord;
import io.millrace.schemas.decode.Decoding;
import io.millrace.schemas.decode.DmsJsonDecoder;
import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.Operation;
import io.millrace.schemas.event.SourcePosition;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.pipeline.TableRoute;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DmsEncoderTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TableId ITEM = new TableId("shop", "public", "item");
    private static final Schema KEY =
            SchemaBuilder.struct().field("id", Schema.INT64_SCHEMA).build();
    private static final Schema ROW = SchemaBuilder.struct()
            .optional()
            .field("id", Schema.INT64_SCHEMA)
            .field("name", Schema.OPTIONAL_STRING_SCHEMA)
            .build();
    private static final Schema SOURCE = SchemaBuilder.struct()
            .field("lsn", Schema.INT64_SCHEMA)
            .field("txId", Schema.OPTIONAL_INT64_SCHEMA)
            .field("snapshot", Schema.OPTIONAL_STRING_SCHEMA)
            .field("ts_us", Schema.INT64_SCHEMA)
            .build();
    private static final long SNAPSHOT = 0x2_7C00_0000L;

    private @Nullable String marker;
    private final Snapshot snapshot = new Snapshot();
    private final DmsEncoder encoder = new DmsEncoder("millrace_shop", "before-image", snapshot);

    private static final class Snapshot implements SnapshotLsn {
        private boolean repeated;

        @Override
        public long value() {
            return SNAPSHOT;
        }

        @Override
        public void raise(long lsn) {}

        @Override
        public boolean repeated() {
            return repeated;
        }
    }

    @Test
    void recordsAreAsDmsWritesThem() throws IOException {
        encode("r", 0, null, row(1, "a"));
        encode("u", 0x2_7C00_73F0L, null, row(1, "b"));

        List<StreamRecord> records = encode("u", 0x2_7C00_73F8L, row(1, "b"), row(1, null));

        assertThat(records).hasSize(1);
        assertThat(JSON.readTree(records.get(0).data())).isEqualTo(JSON.readTree("""
                {"data":{"id":1,"name":null},"before-image":{"id":1,"name":"b"},
                 "metadata":{"timestamp":"2024-07-29T00:59:07.686557Z","record-type":"data","operation":"update",
                 "partition-key-type":"primary-key","partition-key-value":"public.item.1","schema-name":"public",
                 "table-name":"item","transaction-id":1141,"transaction-record-id":2,"prev-transaction-id":1141,
                 "prev-transaction-record-id":1,"commit-timestamp":"2024-07-29T00:59:07Z",
                 "stream-position":"00000002/7C0073F8.0.00000002/7C0073F8"}}
                """));
        assertThat(records.get(0).partitionKey()).isEqualTo("shop.public.item|1");
    }

    @Test
    void firstRecordOfATableIsItsDefinition() throws IOException {
        List<StreamRecord> records = encode("r", 0, null, row(1, "a"));

        assertThat(records).hasSize(2);
        JsonNode control = JSON.readTree(records.get(0).data());
        assertThat(control.at("/metadata/operation").asText()).isEqualTo("create-table");
        assertThat(control.at("/control")).isEqualTo(JSON.readTree("""
                {"table-def":{"columns":{"id":{"type":"INT64","nullable":false},"name":{"type":"STRING","nullable":true}},
                 "primary-key":["id"]}}
                """));
        JsonNode load = JSON.readTree(records.get(1).data());
        assertThat(load.at("/metadata/operation").asText()).isEqualTo("load");
        assertThat(load.at("/metadata").has("transaction-id")).isFalse();
    }

    @Test
    void changedColumnsAreToldBeforeTheRow() throws IOException {
        encode("r", 0, null, row(1, "a"));
        Schema wider = SchemaBuilder.struct()
                .optional()
                .field("id", Schema.INT64_SCHEMA)
                .field("price", Decimal.builder(2).optional().build())
                .build();

        List<StreamRecord> records = encode(
                "c", 0x2_7C00_0001L, null, new Struct(wider).put("id", 2L).put("price", new BigDecimal("1.50")));

        assertThat(records).hasSize(3);
        assertThat(JSON.readTree(records.get(0).data())
                        .at("/metadata/operation")
                        .asText())
                .isEqualTo("drop-column");
        assertThat(JSON.readTree(records.get(1).data()).at("/control/table-def/columns"))
                .isEqualTo(JSON.readTree("{\"price\":{\"type\":\"NUMERIC\",\"nullable\":true}}"));
        assertThat(new String(records.get(2).data(), java.nio.charset.StandardCharsets.UTF_8))
                .contains("\"price\":1.50");
    }

    /** Whatever became of the snapshot, a later change of a row stands behind an earlier one for those who read DMS. */
    @Test
    void readersPutChangesBehindTheSnapshotsTheyFollow() throws IOException {
        List<@Nullable SourcePosition> positions = new ArrayList<>();
        positions.add(
                decode("r", SNAPSHOT - 500, null, row(1, "first snapshot")).position());
        positions.add(decode("u", SNAPSHOT - 200, null, row(1, "streamed")).position());
        positions.add(decode("u", SNAPSHOT - 100, null, row(1, "streamed")).position());
        snapshot.repeated = true;
        positions.add(decode("r", SNAPSHOT, null, row(1, "second snapshot")).position());
        positions.add(decode("u", SNAPSHOT - 50, null, row(1, "open during the snapshot"))
                .position());
        positions.add(decode("u", SNAPSHOT - 40, null, row(1, "open during the snapshot"))
                .position());
        positions.add(decode("u", SNAPSHOT + 10, null, row(1, "behind it")).position());
        positions.add(decode("d", SNAPSHOT + 20, row(1, "gone"), null).position());

        assertThat(positions).doesNotContainNull().doesNotHaveDuplicates();
        // While the first snapshot was the only one, the changes that came below the second one's LSN were plain.
        assertThat(positions.subList(3, 8)).isSortedAccordingTo(Comparator.naturalOrder());
        assertThat(positions.get(0)).isLessThan(Objects.requireNonNull(positions.get(1)));
        assertThat(positions.get(1)).isLessThan(Objects.requireNonNull(positions.get(2)));
    }

    @Test
    void aRowThatIsReadAgainStandsAmongItsChanges() {
        marker = "incremental";
        ChangeEvent again = decode("r", SNAPSHOT + 15, null, row(1, "read again"));
        marker = null;

        assertThat(again.position())
                .isGreaterThan(
                        decode("u", SNAPSHOT + 10, null, row(1, "before")).position())
                .isLessThan(decode("u", SNAPSHOT + 20, null, row(1, "after")).position());
    }

    @Test
    void deleteHasTheKeyOnly() throws IOException {
        encode("r", 0, null, row(1, "a"));

        JsonNode delete = JSON.readTree(
                encode("d", 0x2_7C00_0001L, row(1, "a"), null).get(0).data());

        assertThat(delete.at("/data")).isEqualTo(JSON.readTree("{\"id\":1,\"name\":null}"));
        assertThat(delete.at("/metadata/operation").asText()).isEqualTo("delete");
    }

    @Test
    void aRowThatIsGoneBeforeItsValuesWereAskedForIsLeftOut() {
        encode("r", 0, null, row(1, "a"));

        assertThat(encode("u", 0x2_7C00_0001L, null, row(1, "__debezium_unavailable_value")))
                .isEmpty();
    }

    @Test
    void truncateIsAControlRecord() throws IOException {
        JsonNode record =
                JSON.readTree(encode("t", 0x2_7C00_0001L, null, null).get(0).data());

        assertThat(record.at("/metadata/record-type").asText()).isEqualTo("control");
        assertThat(record.at("/metadata/operation").asText()).isEqualTo("truncate-table");
        assertThat(record.at("/metadata/table-name").asText()).isEqualTo("item");
        assertThat(record.at("/metadata/stream-position").asText()).isEqualTo("00000002/7C000001.0.00000002/7C000001");
    }

    @ParameterizedTest
    @CsvSource({
        "io.debezium.time.Date, 0, DATE, '\"1970-01-01\"'",
        "io.debezium.time.Date, 2932896, DATE, '\"9999-12-31\"'",
        "io.debezium.time.Date, 2147483646, DATE, 2147483646",
        "io.debezium.time.Date, -719529, DATE, -719529",
        "io.debezium.time.MicroTime, 43200000001, TIME, '\"12:00:00.000001\"'",
        "io.debezium.time.MicroTime, 86400000000, TIME, '\"24:00:00\"'",
        "io.debezium.time.MicroTimestamp, -1, DATETIME, '\"1969-12-31T23:59:59.999999Z\"'",
        "io.debezium.time.MicroTimestamp, 9223372036825200000, DATETIME, 9223372036825200000",
        "io.debezium.time.Timestamp, 1000, DATETIME, '\"1970-01-01T00:00:01Z\"'"
    })
    void datesAndTimesAreTexts(String name, long value, String type, String json) throws IOException {
        Schema column = (name.endsWith(".Date") ? SchemaBuilder.int32() : SchemaBuilder.int64())
                .name(name)
                .build();

        assertThat(DmsColumns.typeName(column)).isEqualTo(type);
        assertThat(written(column, name.endsWith(".Date") ? (Object) (int) value : (Object) value))
                .isEqualTo(JSON.readTree(json).toString());
    }

    @Test
    void otherValuesAreWrittenSoThatNothingIsLost() throws IOException {
        assertThat(written(Decimal.builder(3).build(), new BigDecimal("-0.000")))
                .isEqualTo("0.000");
        assertThat(written(Schema.FLOAT64_SCHEMA, Double.NaN)).isEqualTo("\"NaN\"");
        assertThat(written(Schema.FLOAT32_SCHEMA, 0.1f)).isEqualTo("0.1");
        assertThat(written(Schema.BYTES_SCHEMA, ByteBuffer.wrap(new byte[] {(byte) 0xFF, 0})))
                .isEqualTo("\"/wA=\"");
        assertThat(written(SchemaBuilder.array(Schema.OPTIONAL_STRING_SCHEMA).build(), Arrays.asList("a", null, "")))
                .isEqualTo("[\"a\",null,\"\"]");
        Schema variable = SchemaBuilder.struct()
                .name("io.debezium.data.VariableScaleDecimal")
                .field("scale", Schema.INT32_SCHEMA)
                .field("value", Schema.BYTES_SCHEMA)
                .build();
        assertThat(written(variable, new Struct(variable).put("scale", 2).put("value", ByteBuffer.wrap(new byte[] {
                            1, 0x2C
                        }))))
                .isEqualTo("3.00");
    }

    private static String written(Schema column, Object value) throws IOException {
        var bytes = new java.io.ByteArrayOutputStream();
        try (var out = new com.fasterxml.jackson.core.JsonFactory().createGenerator(bytes)) {
            DmsColumns.write(out, column, value);
        }
        return bytes.toString(java.nio.charset.StandardCharsets.UTF_8);
    }

    private ChangeEvent decode(String op, long lsn, @Nullable Struct before, @Nullable Struct after) {
        List<StreamRecord> records = encode(op, lsn, before, after);
        DmsJsonDecoder decoder =
                new DmsJsonDecoder(List.of(new TableRoute(ITEM, List.of("id"), null, null)), "before-image");
        Decoding decoding = decoder.decode(new RawRecord(
                "shop",
                "stream",
                "0",
                "0",
                null,
                0,
                records.get(records.size() - 1).data()));
        assertThat(decoding).isInstanceOf(Decoding.Changes.class);
        ChangeEvent event = ((Decoding.Changes) decoding).events().get(0);
        assertThat(event.operation() == Operation.DELETE).isEqualTo(op.equals("d"));
        return event;
    }

    private List<StreamRecord> encode(String op, long lsn, @Nullable Struct before, @Nullable Struct after) {
        Schema row = after == null ? ROW : after.schema();
        Schema envelope = SchemaBuilder.struct()
                .field("before", row)
                .field("after", row)
                .field("source", SOURCE)
                .field("op", Schema.STRING_SCHEMA)
                .field("ts_us", Schema.OPTIONAL_INT64_SCHEMA)
                .build();
        Struct image = after == null ? before : after;
        Struct key = image == null ? null : new Struct(KEY).put("id", image.getInt64("id"));
        return encoder.encode(new SourceChange(
                ITEM,
                key,
                new Struct(envelope)
                        .put("before", before)
                        .put("after", after)
                        .put("op", op)
                        .put("ts_us", 1_722_214_747_686_557L)
                        .put(
                                "source",
                                new Struct(SOURCE)
                                        .put("lsn", lsn)
                                        .put("snapshot", marker)
                                        .put("txId", 1141L)
                                        .put("ts_us", 1_722_214_747_000_000L))));
    }

    private static Struct row(long id, @Nullable String name) {
        return new Struct(ROW).put("id", id).put("name", name);
    }
}
