package io.millrace.schemas.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.event.Operation;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.SourcePosition;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.event.Unavailable;
import io.millrace.schemas.pipeline.DeclaredType;
import io.millrace.schemas.pipeline.Quality;
import io.millrace.schemas.pipeline.TableRoute;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DebeziumJsonDecoderTest {
    private static final String SCHEMA = """
            {"type":"struct","name":"golden.public.t.Envelope","fields":[
            {"type":"struct","optional":true,"field":"before","fields":[COLUMNS]},
            {"type":"struct","optional":true,"field":"after","fields":[COLUMNS]},
            {"type":"struct","optional":false,"field":"source","fields":[]},
            {"type":"string","optional":false,"field":"op"}]}""".replace("COLUMNS", """
                    {"type":"int32","optional":false,"field":"id"},
                    {"type":"bytes","optional":true,"name":"org.apache.kafka.connect.data.Decimal",
                    "parameters":{"scale":"2","connect.decimal.precision":"12"},"field":"v"}""");

    private final DebeziumJsonDecoder decoder = new DebeziumJsonDecoder(List.of(new TableRoute(
            new TableId("golden", "public", "t"),
            List.of("id"),
            Map.of("id", Objects.requireNonNull(DeclaredType.parse("int32"))),
            null,
            null,
            Map.of(),
            Quality.NONE)));

    private static String envelope(String op, String before, String after) {
        return """
                {"before":%s,"after":%s,"source":{"version":"3.5.0.Final","connector":"postgresql","ts_ms":1700000000000,
                "db":"shop","sequence":"[\\"7\\",\\"42\\"]","ts_us":1700000000000123,"schema":"public","table":"t",
                "txId":755,"lsn":42,"xmin":null},"transaction":null,"op":"%s","ts_ms":1700000000001}""".formatted(before, after, op);
    }

    private static String framed(String payload) {
        return "{\"schema\":" + SCHEMA + ",\"payload\":" + payload + "}";
    }

    private Decoding decode(String json) {
        return decoder.decode(GoldenRecords.raw(json.getBytes(StandardCharsets.UTF_8)));
    }

    private static ChangeEvent event(Decoding decoding) {
        assertThat(decoding).isInstanceOf(Decoding.Changes.class);
        assertThat(((Decoding.Changes) decoding).events()).hasSize(1);
        return ((Decoding.Changes) decoding).events().get(0);
    }

    private static Row after(Decoding decoding) {
        return Objects.requireNonNull(event(decoding).after());
    }

    @ParameterizedTest
    @CsvSource({"r, SNAPSHOT, 42, 0", "c, INSERT, 7, 42", "u, UPDATE, 7, 42"})
    void operationAndPositionAreThoseOfTheEnvelope(String op, Operation operation, long transaction, long offset) {
        ChangeEvent event = event(decode(envelope(op, "null", "{\"id\":1}")));

        assertThat(event.operation()).isEqualTo(operation);
        assertThat(event.position()).isEqualTo(new SourcePosition(transaction, offset));
        assertThat(event.eventTimeMicros()).isEqualTo(1_700_000_000_000_123L);
        assertThat(event.key().id()).isEqualTo("1");
    }

    @Test
    void rowOfAnIncrementalSnapshotStandsAmongTheChanges() {
        ChangeEvent event = event(decode(envelope("r", "null", "{\"id\":1}")
                .replace("\"sequence\"", "\"snapshot\":\"incremental\",\"sequence\"")));

        assertThat(event.operation()).isEqualTo(Operation.SNAPSHOT);
        assertThat(event.position()).isEqualTo(new SourcePosition(7, 42));
    }

    @Test
    void recordWithoutSchemaHasDeclaredColumnsAndTexts() {
        Row row = after(decode(envelope("c", "null", "{\"id\":1,\"v\":1.50}")));

        assertThat(row.schema().columns())
                .containsExactly(new Column("id", Primitive.INT32, true), new Column("v", Primitive.STRING, true));
        assertThat(row.value(0)).isEqualTo(1);
        assertThat(row.value(1)).isEqualTo("1.50");
    }

    @Test
    void recordWithSchemaHasItsTypes() {
        for (int i = 0; i < 2; i++) {
            Row row = after(decode(framed(envelope("c", "null", "{\"id\":1,\"v\":\"AJY=\"}"))));

            assertThat(row.schema().columns().get(0)).isEqualTo(new Column("id", Primitive.INT32, false));
            assertThat(row.value(1)).isEqualTo(new java.math.BigDecimal("1.50"));
        }
    }

    @Test
    void payloadMayComeBeforeItsSchemaAndBeFollowedByOthers() {
        String payload = envelope("c", "null", "{\"id\":1,\"v\":\"AJY=\"}");
        decode(framed(payload));

        Row swapped = after(decode("{\"payload\":" + payload + ",\"schema\":" + SCHEMA + "}"));
        Row followed = after(decode("{\"schema\":" + SCHEMA + ",\"payload\":" + payload + ",\"more\":{}} "));

        assertThat(swapped.value(1)).isEqualTo(new java.math.BigDecimal("1.50"));
        assertThat(followed).isEqualTo(swapped);
    }

    @Test
    void recordWithNullSchemaIsBare() {
        Row row = after(decode("{\"schema\":null,\"payload\":" + envelope("c", "null", "{\"id\":1,\"v\":1}") + "}"));

        assertThat(row.value(1)).isEqualTo("1");
    }

    @Test
    void changedKeyBecomesDeleteAndInsert() {
        Decoding decoding = decode(envelope("u", "{\"id\":1}", "{\"id\":2}"));

        assertThat(((Decoding.Changes) decoding).events())
                .extracting(event -> event.operation() + " " + event.key().id())
                .containsExactly("DELETE 1", "INSERT 2");
    }

    @Test
    void deleteTakesItsKeyFromTheRowBefore() {
        ChangeEvent event = event(decode(envelope("d", "{\"id\":1,\"v\":null}", "null")));

        assertThat(event.operation()).isEqualTo(Operation.DELETE);
        assertThat(event.key().id()).isEqualTo("1");
    }

    @Test
    void placeholderIsAValueThatWasNotSent() {
        Row row = after(decode(envelope("u", "null", "{\"id\":1,\"v\":\"__debezium_unavailable_value\"}")));

        assertThat(row.value(1)).isEqualTo(Unavailable.INSTANCE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "{\"schema\":null,\"payload\":null}",
                "{\"ts_ms\":1700000000000}",
                "{\"status\":\"BEGIN\",\"id\":\"755:42\",\"event_count\":null,\"data_collections\":null,\"ts_ms\":1}",
                "{\"op\":\"m\",\"ts_ms\":1,\"source\":{\"lsn\":1},\"message\":{\"prefix\":\"p\",\"content\":\"Yw==\"}}",
                "{\"source\":{\"db\":\"d\"},\"ts_ms\":1,\"databaseName\":\"d\",\"ddl\":\"CREATE\",\"tableChanges\":[]}"
            })
    void whatIsNoChangeIsControl(String json) {
        assertThat(decode(json)).isInstanceOf(Decoding.Control.class);
        assertThat(decode(framed(json.isEmpty() ? "null" : json.startsWith("{\"schema") ? "null" : json)))
                .isInstanceOf(Decoding.Control.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"schema\":{\"type\":\"struct\",\"name\":\"io.debezium.connector.common.Heartbeat\",\"fields\":[]},"
                        + "\"payload\":{\"ts_ms\":1}}",
                "{\"schema\":{\"type\":\"struct\",\"name\":\"io.debezium.connector.common.TransactionMetadataValue\"},"
                        + "\"payload\":{\"status\":\"END\",\"id\":\"1\"}}"
            })
    void schemaTellsControlRecords(String json) {
        assertThat(decode(json)).isInstanceOf(Decoding.Control.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{; MALFORMED",
                "{} {}; MALFORMED",
                "[1]; MALFORMED",
                "17; MALFORMED",
                "{\"id\":1}; UNSUPPORTED_SCHEMA",
                "{\"schema\":{\"type\":\"struct\",\"name\":\"x.Value\",\"fields\":[]},\"payload\":{}}; UNSUPPORTED_SCHEMA",
                "{\"schema\":{}}; MALFORMED",
                "{\"before\":1,\"after\":null}; MALFORMED"
            })
    void whatIsNoEnvelopeIsRejected(String json, DeadLetterCode code) {
        Decoding decoding = decode(json);

        assertThat(decoding).isInstanceOf(Decoding.Rejected.class);
        assertThat(((Decoding.Rejected) decoding).code()).isEqualTo(code);
    }

    @Test
    void otherEncodingsOfJsonAreRejected() {
        byte[] data = envelope("c", "null", "{\"id\":1}").getBytes(StandardCharsets.UTF_16LE);

        assertThat(((Decoding.Rejected) decoder.decode(GoldenRecords.raw(data))).code())
                .isEqualTo(DeadLetterCode.MALFORMED);
    }

    @Test
    void bytesThatAreNotUtf8AreRejected() {
        byte[] data = envelope("c", "null", "{\"id\":1,\"v\":\"aa\"}").getBytes(StandardCharsets.UTF_8);
        int at = new String(data, StandardCharsets.ISO_8859_1).indexOf("aa");
        data[at] = (byte) 0xC0;
        data[at + 1] = (byte) 0x80;

        assertThat(((Decoding.Rejected) decoder.decode(GoldenRecords.raw(data))).code())
                .isEqualTo(DeadLetterCode.MALFORMED);
    }

    @Test
    void valueOfAnotherTypeIsRejectedWithItsKey() {
        Decoding.Rejected rejected =
                (Decoding.Rejected) decode(framed(envelope("c", "null", "{\"id\":1,\"v\":\"?\"}")));

        assertThat(rejected.code()).isEqualTo(DeadLetterCode.INVALID_VALUE);
        assertThat(Objects.requireNonNull(rejected.key()).id()).isEqualTo("1");
    }
}
