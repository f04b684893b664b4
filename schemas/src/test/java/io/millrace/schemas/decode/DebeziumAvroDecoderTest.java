package io.millrace.schemas.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.event.Operation;
import io.millrace.schemas.event.SourcePosition;
import io.millrace.schemas.event.Unavailable;
import io.millrace.schemas.registry.GlueFrame;
import io.millrace.schemas.registry.GlueFrame.Compression;
import io.millrace.schemas.registry.RegistryUnavailableException;
import io.millrace.schemas.registry.SchemaRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DebeziumAvroDecoderTest {
    private static final String KEY_AND_TEXT = """
            {"name": "id", "type": ["null", "int"], "default": null},
            {"name": "text", "type": ["null", "string"], "default": null}
            """;

    private final TestEnvelope envelope = new TestEnvelope(KEY_AND_TEXT);
    private final DebeziumAvroDecoder decoder = envelope.decoder("id");

    @ParameterizedTest
    @CsvSource({"r, SNAPSHOT, 42, 0", "c, INSERT, 7, 42", "u, UPDATE, 7, 42"})
    void operationAndPositionAreThoseOfTheEnvelope(String op, Operation operation, long transaction, long offset) {
        ChangeEvent event = event(decoder.decode(envelope.record(op, null, row(1, "a"))));

        assertThat(event.operation()).isEqualTo(operation);
        assertThat(event.position()).isEqualTo(new SourcePosition(transaction, offset));
        assertThat(event.eventTimeMicros()).isEqualTo(1_700_000_000_000_000L);
        assertThat(event.key().id()).isEqualTo("1");
        assertThat(event.key().table()).isEqualTo("golden.public.t");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            delimiter = ';',
            value = {
                "-; 42",
                "[null,\"42\"]; 42",
                "[\"18446744073709551615\",\"42\"]; -1",
                "nonsense; 42",
                "[\"x\"]; 42"
            })
    void positionWithoutLastCommitIsTheChangesOwn(@Nullable String sequence, long transaction) {
        ChangeEvent event = event(decoder.decode(envelope.record("c", null, row(1, "a"), sequence)));

        assertThat(event.position()).isEqualTo(new SourcePosition(transaction, 42));
    }

    @Test
    void deleteTakesItsKeyFromTheRowBefore() {
        ChangeEvent event = event(decoder.decode(envelope.record("d", row(1, null), null)));

        assertThat(event.operation()).isEqualTo(Operation.DELETE);
        assertThat(event.key().id()).isEqualTo("1");
    }

    @Test
    void changedKeyBecomesDeleteAndInsert() {
        Decoding decoding = decoder.decode(envelope.record("u", row(1, "a"), row(2, "a")));

        assertThat(((Decoding.Changes) decoding).events())
                .extracting(event -> event.operation() + " " + event.key().id())
                .containsExactly("DELETE 1", "INSERT 2");
    }

    @Test
    void updateWithItsOldRowStaysOne() {
        ChangeEvent event = event(decoder.decode(envelope.record("u", row(1, "a"), row(1, "b"))));

        assertThat(event.operation()).isEqualTo(Operation.UPDATE);
        assertThat(event.before()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({"t, TABLE_TRUNCATED", "x, UNSUPPORTED_OPERATION", "c, MALFORMED", "u, MALFORMED", "d, MISSING_KEY"})
    void envelopeWithoutRowIsRejected(String op, DeadLetterCode code) {
        Decoding.Rejected rejected = rejected(decoder.decode(envelope.record(op, null, null)));

        assertThat(rejected.code()).isEqualTo(code);
        assertThat(rejected.table()).isEqualTo("golden.public.t");
    }

    @Test
    void truncationOfATableThatAppliesThemHasItsPlace() {
        assertThat(envelope.decoderThatTruncates().decode(envelope.record("t", null, null)))
                .isEqualTo(
                        new Decoding.Truncation(TestEnvelope.TABLE, new SourcePosition(7, 42), 1_700_000_000_000_000L));
    }

    @Test
    void logicalMessageIsControl() {
        assertThat(decoder.decode(envelope.record("m", null, null))).isEqualTo(new Decoding.Control("logical message"));
    }

    @Test
    void nullKeyIsRejected() {
        assertThat(rejected(decoder.decode(envelope.record("c", null, row(null, "a"))))
                        .code())
                .isEqualTo(DeadLetterCode.MISSING_KEY);
    }

    @Test
    void absentKeyColumnIsRejected() {
        assertThat(rejected(envelope.decoder("none").decode(envelope.record("c", null, row(1, "a"))))
                        .code())
                .isEqualTo(DeadLetterCode.MISSING_KEY);
    }

    @Test
    void keyThatWasNotSentIsRejected() {
        RawRecord record = envelope.record("u", null, row(1, "__debezium_unavailable_value"));

        assertThat(rejected(envelope.decoder("text").decode(record)).code()).isEqualTo(DeadLetterCode.MISSING_KEY);
    }

    @Test
    void otherTableIsControl() {
        DebeziumAvroDecoder other = new DebeziumAvroDecoder(List.of(), envelope.registry);

        assertThat(other.decode(envelope.record("c", null, row(1, "a"))))
                .isEqualTo(new Decoding.Control("unrouted table"));
    }

    @Test
    void unknownSchemaIsRejectedUntilItIsKnown() {
        UUID id = UUID.nameUUIDFromBytes(new byte[] {9});
        byte[] body = new byte[] {0};
        RawRecord record = GoldenRecords.raw(GlueFrame.write(id, body, Compression.NONE));
        assertThat(rejected(decoder.decode(record)).code()).isEqualTo(DeadLetterCode.UNKNOWN_SCHEMA);

        envelope.registry.put(
                id,
                SchemaBuilder.record("Heartbeat").fields().requiredLong("ts_ms").endRecord());

        assertThat(decoder.decode(record)).isEqualTo(new Decoding.Control("heartbeat"));
    }

    @Test
    void unreachableRegistryIsTheCallersToTryAgain() {
        SchemaRegistry unreachable = new SchemaRegistry() {
            @Override
            public UUID register(String schemaName, Schema schema) {
                throw new RegistryUnavailableException("Cannot reach", null);
            }

            @Override
            public Schema schema(UUID id) {
                throw new RegistryUnavailableException("Cannot reach", null);
            }
        };
        RawRecord record = envelope.record("c", null, row(1, "a"));

        assertThatThrownBy(() -> new DebeziumAvroDecoder(List.of(), unreachable).decode(record))
                .isInstanceOf(RegistryUnavailableException.class);
    }

    @Test
    void schemaOfNoChangeEventIsRejected() {
        assertUnsupported(
                SchemaBuilder.record("Something").fields().requiredInt("a").endRecord());
        assertUnsupported(Schema.create(Schema.Type.STRING));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'name': 'a', 'type': ['null', 'int', 'string']}",
                "{'name': 'a', 'type': 'null'}",
                "{'name': 'a', 'type': {'type': 'string', 'connect.name': 'io.debezium.time.Date'}}",
                "{'name': 'a', 'type': {'type': 'int', 'connect.name': 'org.apache.kafka.connect.data.Decimal'}}",
                "{'name': 'a', 'type': ['null', {'type': 'record', 'name': 'R', 'fields': [{'name': 'r', 'type': ['null', 'R']}]}]}",
                "{'name': 'a', 'type': {'type': 'array', 'items': {'type': 'record', 'name': 'E', 'fields': []}}}",
                "{'name': 'a', 'type': {'type': 'array', 'items': 'null'}}"
            },
            quoteCharacter = '`')
    void schemaWhoseValuesCannotBeToldIsRejected(String column) {
        assertUnsupported(new TestEnvelope(column.replace('\'', '"')).schema);
    }

    private void assertUnsupported(Schema schema) {
        UUID id = envelope.registry.register("t", schema);
        RawRecord record = GoldenRecords.raw(GlueFrame.write(id, new byte[50], Compression.NONE));

        assertThat(rejected(decoder.decode(record)).code()).isEqualTo(DeadLetterCode.UNSUPPORTED_SCHEMA);
    }

    @Test
    void columnHasItsNameInTheSource() {
        TestEnvelope odd = new TestEnvelope(
                "{\"name\": \"order_u002did\", \"connect.field.name\": \"order-id\", \"type\": \"int\"}");

        ChangeEvent event =
                event(odd.decoder("order-id").decode(odd.record("c", null, odd.row(Map.of("order_u002did", 5)))));

        assertThat(event.key().id()).isEqualTo("5");
        assertThat(event.after()).isNotNull();
        assertThat(event.after().schema().indexOf("order-id")).isZero();
    }

    @Test
    void invalidValueIsRejectedWithItsKeyAndWithoutItsText() {
        TestEnvelope uuids = new TestEnvelope("""
                {"name": "bad", "type": {"type": "string", "connect.name": "io.debezium.data.Uuid"}},
                {"name": "id", "type": "int"}
                """);

        Decoding.Rejected rejected = rejected(
                uuids.decoder("id").decode(uuids.record("c", null, uuids.row(Map.of("bad", "hunter2", "id", 1)))));

        assertThat(rejected.code()).isEqualTo(DeadLetterCode.INVALID_VALUE);
        assertThat(rejected.key()).isNotNull();
        assertThat(rejected.reason()).contains("column bad").doesNotContain("hunter2");
    }

    @Test
    void invalidValueOfTheRowBeforeDoesNotHinderItsRepair() {
        TestEnvelope uuids = new TestEnvelope("""
                {"name": "u", "type": {"type": "string", "connect.name": "io.debezium.data.Uuid"}},
                {"name": "id", "type": "int"}
                """);
        GenericRecord before = uuids.row(Map.of("u", "broken", "id", 1));
        GenericRecord after = uuids.row(Map.of("u", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "id", 1));

        ChangeEvent event = event(uuids.decoder("id").decode(uuids.record("u", before, after)));

        assertThat(event.before()).isNotNull();
        assertThat(event.before().value(0)).isEqualTo(Unavailable.INSTANCE);
    }

    @Test
    void textThatIsNotUtf8IsRejected() {
        RawRecord record = envelope.record("c", null, row(1, "~~~~"));
        byte[] data = record.data();
        for (int i = 0; i < data.length; i++) {
            data[i] = data[i] == '~' ? (byte) 0xff : data[i];
        }

        assertThat(rejected(decoder.decode(GoldenRecords.raw(data))).code()).isEqualTo(DeadLetterCode.INVALID_VALUE);
    }

    @Test
    void replacementCharacterIsText() {
        assertThat(event(decoder.decode(envelope.record("c", null, row(1, "a\uFFFDb"))))
                        .after())
                .extracting(row -> row.value(1))
                .isEqualTo("a\uFFFDb");
    }

    @Test
    void placeholderAmongOtherElementsIsText() {
        TestEnvelope arrays = new TestEnvelope("""
                {"name": "id", "type": "int"},
                {"name": "a", "type": {"type": "array", "items": ["null", "string"]}}
                """);

        ChangeEvent event = event(arrays.decoder("id")
                .decode(arrays.record(
                        "c",
                        null,
                        arrays.row(Map.of("id", 1, "a", Arrays.asList("__debezium_unavailable_value", null))))));

        assertThat(event.after()).isNotNull();
        assertThat(event.after().value(1)).isEqualTo(Arrays.asList("__debezium_unavailable_value", null));
    }

    /** What PostgreSQL does not write is told here; what it does is in the golden files. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {'type': 'int', 'connect.name': 'io.debezium.time.Time'}                           | 1000             | TIME          | 1000000
        {'type': 'int', 'connect.name': 'org.apache.kafka.connect.data.Time'}              | 1000             | TIME          | 1000000
        {'type': 'int', 'connect.name': 'io.debezium.time.Time'}                           | 86400001         | TIME          | 86400001000
        {'type': 'int', 'connect.name': 'io.debezium.time.Time'}                           | -2147483648      | TIME          | -2147483648000
        {'type': 'long', 'connect.name': 'io.debezium.time.NanoTime'}                      | 1999             | TIME          | 1
        {'type': 'long', 'connect.name': 'io.debezium.time.MicroTime'}                     | 3020399999999    | TIME          | 3020399999999
        {'type': 'long', 'connect.name': 'io.debezium.time.MicroTime'}                     | -3020399999999   | TIME          | -3020399999999
        {'type': 'long', 'connect.name': 'io.debezium.time.MicroTime'}                     | 3020400000000    | TIME          | INVALID
        {'type': 'long', 'connect.name': 'io.debezium.time.MicroTime'}                     | -9223372036854775808 | TIME      | INVALID
        {'type': 'int', 'connect.name': 'org.apache.kafka.connect.data.Date'}              | -1               | DATE          | -1
        {'type': 'int', 'connect.name': 'io.debezium.time.Date'}                           | -622191234       | DATE          | 2147483647
        {'type': 'int', 'connect.name': 'io.debezium.time.Date'}                           | -625821272       | DATE          | -2147483648
        {'type': 'long', 'connect.name': 'org.apache.kafka.connect.data.Timestamp'}        | -1               | TIMESTAMP     | -1000
        {'type': 'long', 'connect.name': 'io.debezium.time.Timestamp'}                     | 9223372036854775 | TIMESTAMP     | 9223372036854775000
        {'type': 'long', 'connect.name': 'io.debezium.time.Timestamp'}                     | 9223372036854776 | TIMESTAMP     | INVALID
        {'type': 'long', 'connect.name': 'io.debezium.time.Timestamp'}                     | -9223372036854776| TIMESTAMP     | INVALID
        {'type': 'long', 'connect.name': 'io.debezium.time.MicroTimestamp'}                | 9223372036854775807 | TIMESTAMP  | 9223372036854775807
        {'type': 'long', 'connect.name': 'io.debezium.time.MicroTimestamp'}                | -9223372036854775808 | TIMESTAMP | -9223372036854775808
        {'type': 'long', 'connect.name': 'io.debezium.time.NanoTimestamp'}                 | -1               | TIMESTAMP     | -1
        {'type': 'int', 'connect.name': 'io.debezium.time.Year'}                           | 1999             | INT32         | 1999
        {'type': 'long', 'connect.name': 'io.debezium.time.MicroDuration'}                 | 5                | INT64         | 5
        {'type': 'string', 'connect.name': 'io.debezium.time.ZonedTimestamp'}              | 2024-02-29T13:05:00Z | TIMESTAMP_TZ | 1709211900000000
        {'type': 'string', 'connect.name': 'io.debezium.time.ZonedTimestamp'}              | 2024-02-29T13:05:00.1Z | TIMESTAMP_TZ | 1709211900100000
        {'type': 'string', 'connect.name': 'io.debezium.time.ZonedTimestamp'}              | 2024-02-29T13:05:00.123456Z | TIMESTAMP_TZ | 1709211900123456
        {'type': 'string', 'connect.name': 'io.debezium.time.ZonedTimestamp'}              | 2024-02-29T13:05:00.123456789Z | TIMESTAMP_TZ | 1709211900123456
        {'type': 'string', 'connect.name': 'io.debezium.time.ZonedTimestamp'}              | 2024-02-29T15:05:00+02:00 | TIMESTAMP_TZ | 1709211900000000
        {'type': 'string', 'connect.name': 'io.debezium.time.ZonedTimestamp'}              | +294247-01-10T04:00:54.775807Z | TIMESTAMP_TZ | 9223372036854775807
        {'type': 'string', 'connect.name': 'io.debezium.time.ZonedTimestamp'}              | +294247-01-10T04:00:54.775808Z | TIMESTAMP_TZ | INVALID
        {'type': 'string', 'connect.name': 'io.debezium.time.ZonedTimestamp'}              | -4712-01-01T00:00:00Z | TIMESTAMP_TZ | -210863520000000000
        {'type': 'string', 'connect.name': 'io.debezium.time.ZonedTimestamp'}              | infinity         | TIMESTAMP_TZ  | 9223372036825200000
        {'type': 'string', 'connect.name': 'io.debezium.time.ZonedTimestamp'}              | -infinity        | TIMESTAMP_TZ  | -9223372036832400000
        {'type': 'string', 'connect.name': 'io.debezium.time.ZonedTimestamp'}              | +292278994-08-17T00:00:00Z | TIMESTAMP_TZ | 9223372036825200000
        {'type': 'string', 'connect.name': 'io.debezium.time.ZonedTimestamp'}              | +292269055-12-02T23:00:00Z | TIMESTAMP_TZ | -9223372036832400000
        {'type': 'string', 'connect.name': 'io.debezium.time.ZonedTimestamp'}              | 2024-02-30T13:05:00Z | TIMESTAMP_TZ | INVALID
        {'type': 'string', 'connect.name': 'io.debezium.time.ZonedTimestamp'}              | 2024-02-28T24:05:00Z | TIMESTAMP_TZ | INVALID
        {'type': 'string', 'connect.name': 'io.debezium.time.ZonedTimestamp'}              | yesterday        | TIMESTAMP_TZ  | INVALID
        {'type': 'string', 'connect.name': 'io.debezium.time.ZonedTime'}                   | 13:05:00Z        | STRING        | 13:05:00Z
        {'type': 'string', 'connect.name': 'io.debezium.data.EnumSet'}                     | a,b              | STRING        | a,b
        {'type': 'string', 'connect.name': 'io.debezium.data.Uuid'}                        | 1-1-1-1-1        | UUID          | INVALID
        {'type': 'enum', 'name': 'M', 'symbols': ['SAD', 'OK']}                            | OK               | STRING        | OK
        """)
    void semanticTypeIsRead(String type, String written, Primitive expected, String value) {
        TestEnvelope column = new TestEnvelope(
                "{\"name\": \"id\", \"type\": \"int\"}, {\"name\": \"c\", \"type\": " + type.replace('\'', '"') + "}");

        Decoding decoding = column.decoder("id")
                .decode(column.record("c", null, column.row(Map.of("id", 1, "c", generic(column, written)))));

        if (value.equals("INVALID")) {
            assertThat(rejected(decoding).code()).isEqualTo(DeadLetterCode.INVALID_VALUE);
        } else {
            ChangeEvent event = event(decoding);
            assertThat(event.after()).isNotNull();
            assertThat(event.after().schema().columns().get(1).type()).isEqualTo(expected);
            assertThat(event.after().value(1)).hasToString(value);
        }
    }

    private static Object generic(TestEnvelope envelope, String written) {
        Schema schema = envelope.rowSchema().getField("c").schema();
        return switch (schema.getType()) {
            case INT -> Integer.valueOf(written);
            case LONG -> Long.valueOf(written);
            case ENUM -> new org.apache.avro.generic.GenericData.EnumSymbol(schema, written);
            default -> written;
        };
    }

    @ParameterizedTest
    @CsvSource({
        "2, 4, 3039, 123.45, INVALID",
        "2, 5, 3039, 123.45, 123.45",
        "2, 38, 00, 0.00, 0.00",
        "0, 5, 80, -128, -128"
    })
    void decimalHasExactlyItsScale(int scale, int precision, String unscaled, String text, String expected) {
        TestEnvelope decimals = new TestEnvelope("""
                {"name": "id", "type": "int"},
                {"name": "d", "type": {"type": "bytes", "scale": %d, "precision": %d,
                  "connect.name": "org.apache.kafka.connect.data.Decimal"}}
                """.formatted(scale, precision));
        ByteBuffer bytes = ByteBuffer.wrap(java.util.HexFormat.of().parseHex(unscaled));

        Decoding decoding =
                decimals.decoder("id").decode(decimals.record("c", null, decimals.row(Map.of("id", 1, "d", bytes))));

        if (expected.equals("INVALID")) {
            assertThat(rejected(decoding).code()).isEqualTo(DeadLetterCode.INVALID_VALUE);
        } else {
            ChangeEvent event = event(decoding);
            assertThat(event.after()).isNotNull();
            assertThat(event.after().schema().columns().get(1).type())
                    .isEqualTo(new ColumnType.Decimal(precision, scale));
            assertThat(event.after().value(1)).hasToString(expected);
        }
    }

    @Test
    void scaleThatWouldFillTheMemoryIsInvalid() {
        TestEnvelope decimals = new TestEnvelope("""
                {"name": "id", "type": "int"},
                {"name": "d", "type": {"type": "record", "name": "VariableScaleDecimal", "namespace": "io.debezium.data",
                  "connect.name": "io.debezium.data.VariableScaleDecimal",
                  "fields": [{"name": "scale", "type": "int"}, {"name": "value", "type": "bytes"}]}}
                """);
        Schema schema = decimals.rowSchema().getField("d").schema();
        GenericRecord huge = new org.apache.avro.generic.GenericRecordBuilder(schema)
                .set("scale", Integer.MIN_VALUE)
                .set("value", ByteBuffer.wrap(new byte[] {1}))
                .build();

        Decoding decoding =
                decimals.decoder("id").decode(decimals.record("c", null, decimals.row(Map.of("id", 1, "d", huge))));

        assertThat(rejected(decoding).code()).isEqualTo(DeadLetterCode.INVALID_VALUE);
    }

    @Test
    void structsMapsAndNestedArraysBecomeJson() {
        TestEnvelope nested = new TestEnvelope("""
                {"name": "id", "type": "int"},
                {"name": "s", "type": {"type": "record", "name": "S", "fields": [
                  {"name": "b", "type": "bytes"}, {"name": "n", "type": ["null", "int"], "default": null}]}},
                {"name": "m", "type": {"type": "map", "values": ["null", "string"]}},
                {"name": "a", "type": {"type": "array", "items": {"type": "array", "items": "int"}}}
                """);
        GenericRecord struct = new org.apache.avro.generic.GenericRecordBuilder(
                        nested.rowSchema().getField("s").schema())
                .set("b", ByteBuffer.wrap("b".getBytes(StandardCharsets.UTF_8)))
                .build();

        ChangeEvent event = event(nested.decoder("id")
                .decode(nested.record(
                        "c",
                        null,
                        nested.row(Map.of(
                                "id",
                                1,
                                "s",
                                struct,
                                "m",
                                Collections.singletonMap("k", null),
                                "a",
                                List.of(List.of(1, 2), List.of()))))));

        assertThat(event.after()).isNotNull();
        assertThat(List.of(1, 2, 3))
                .extracting(event.after()::value)
                .containsExactly("{\"b\":\"Yg==\",\"n\":null}", "{\"k\":null}", "[[1,2],[]]");
    }

    private GenericRecord row(@Nullable Integer id, @Nullable String text) {
        Map<String, Object> values = new java.util.HashMap<>();
        values.put("id", id);
        values.put("text", text);
        return envelope.row(values);
    }

    private static ChangeEvent event(Decoding decoding) {
        assertThat(decoding).isInstanceOf(Decoding.Changes.class);
        assertThat(((Decoding.Changes) decoding).events()).hasSize(1);
        return ((Decoding.Changes) decoding).events().get(0);
    }

    private static Decoding.Rejected rejected(Decoding decoding) {
        assertThat(decoding).isInstanceOf(Decoding.Rejected.class);
        return (Decoding.Rejected) decoding;
    }
}
