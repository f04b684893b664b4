package io.millrace.schemas.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.event.Operation;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.SourcePosition;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.mask.Mask;
import io.millrace.schemas.pipeline.DeclaredType;
import io.millrace.schemas.pipeline.Quality;
import io.millrace.schemas.pipeline.TableRoute;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DmsJsonDecoderTest {
    private static final TableId FOO = new TableId("golden", "public", "foo");

    private final DmsJsonDecoder decoder = decoder(Map.of());

    private static DmsJsonDecoder decoder(Map<String, String> columns) {
        Map<String, DeclaredType> declared = new LinkedHashMap<>();
        columns.forEach((name, type) -> declared.put(name, Objects.requireNonNull(DeclaredType.parse(type))));
        return new DmsJsonDecoder(
                List.of(new TableRoute(FOO, List.of("id"), declared, null, null, Map.of(), Quality.NONE)),
                "before-image");
    }

    private static String metadata(String operation, String more) {
        return """
                "metadata":{"timestamp":"2024-07-29T00:59:07.686557Z","record-type":"data","operation":"%s",
                "partition-key-type":"schema-table","schema-name":"public","table-name":"foo"%s}""".formatted(operation, more);
    }

    private static String record(String operation, String data) {
        return "{\"data\":" + data + "," + metadata(operation, "") + "}";
    }

    private Decoding decode(String json) {
        return decoder.decode(raw(json));
    }

    private static RawRecord raw(String json) {
        return GoldenRecords.raw(json.getBytes(StandardCharsets.UTF_8));
    }

    private static List<ChangeEvent> events(Decoding decoding) {
        assertThat(decoding).isInstanceOf(Decoding.Changes.class);
        return ((Decoding.Changes) decoding).events();
    }

    private static ChangeEvent event(Decoding decoding) {
        assertThat(events(decoding)).hasSize(1);
        return events(decoding).get(0);
    }

    private static Row after(Decoding decoding) {
        return Objects.requireNonNull(event(decoding).after());
    }

    private static @Nullable Object value(Row row, String column) {
        return row.value(row.schema().indexOf(column));
    }

    @ParameterizedTest
    @CsvSource({"load, SNAPSHOT", "insert, INSERT", "update, UPDATE", "delete, DELETE"})
    void operationIsThatOfTheMetadata(String operation, Operation expected) {
        ChangeEvent event = event(decode(record(operation, "{\"id\":42,\"name\":null}")));

        assertThat(event.operation()).isEqualTo(expected);
        assertThat(event.key().id()).isEqualTo("42");
        assertThat(event.key().table()).isEqualTo("golden.public.foo");
    }

    @Test
    void changedKeyBecomesDeleteAndInsert() {
        List<ChangeEvent> events = events(decode("{\"data\":{\"id\":45,\"name\":\"Jane\"},\"before-image\":{\"id\":46},"
                + metadata("update", ",\"stream-position\":\"00000002/7C0073F8.2.00000002/7C0073F8\"") + "}"));

        assertThat(events)
                .extracting(event -> event.operation() + " " + event.key().id())
                .containsExactly("DELETE 46", "INSERT 45");
        assertThat(events).extracting(ChangeEvent::position).containsOnly(new SourcePosition(0x2_7C00_73F8L, 2));
    }

    @Test
    void emptyBeforeImageSaysNothing() {
        ChangeEvent event = event(decode("{\"data\":{\"id\":45},\"before-image\":{}," + metadata("update", "") + "}"));

        assertThat(event.operation()).isEqualTo(Operation.UPDATE);
        assertThat(event.before()).isNull();
    }

    @Test
    void beforeImageIsWhereThePipelineFileSaysItIs() {
        DmsJsonDecoder renamed = new DmsJsonDecoder(List.of(new TableRoute(FOO, List.of("id"), null, null)), "vorher");

        List<ChangeEvent> events = events(renamed.decode(
                GoldenRecords.raw(("{\"before-image\":{\"id\":1},\"vorher\":{\"id\":2},\"data\":{\"id\":3},"
                                + metadata("update", "") + "}")
                        .getBytes(StandardCharsets.UTF_8))));

        assertThat(events).extracting(event -> event.key().id()).containsExactly("2", "3");
    }

    @Test
    void truncationIsRefused() {
        Decoding decoding =
                decode("{\"control\":{},\"metadata\":{\"record-type\":\"control\",\"operation\":\"truncate-table\","
                        + "\"schema-name\":\"public\",\"table-name\":\"foo\"}}");

        assertThat(decoding).isInstanceOfSatisfying(Decoding.Rejected.class, rejected -> {
            assertThat(rejected.code()).isEqualTo(DeadLetterCode.TABLE_TRUNCATED);
            assertThat(rejected.table()).isEqualTo("golden.public.foo");
        });
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true"})
    void truncationIsAppliedIfTheTableSaysSoAndTheRecordWhere(boolean apply, boolean placed) {
        DmsJsonDecoder truncating = new DmsJsonDecoder(
                List.of(new TableRoute(
                        FOO,
                        List.of("id"),
                        Map.of(),
                        null,
                        null,
                        Map.of(),
                        Quality.NONE,
                        apply ? TableRoute.OnTruncate.APPLY : TableRoute.OnTruncate.DEAD_LETTER)),
                "before-image");
        String place = placed ? ",\"stream-position\":\"00000002/7C0073F8.0.00000002/7C0073F8\"" : "";

        Decoding decoding = truncating.decode(GoldenRecords.raw(
                ("{\"control\":{},\"metadata\":{\"record-type\":\"control\",\"operation\":\"truncate-table\","
                                + "\"timestamp\":\"2024-07-29T00:59:07.686557Z\",\"schema-name\":\"public\","
                                + "\"table-name\":\"foo\"" + place + "}}")
                        .getBytes(StandardCharsets.UTF_8)));

        if (apply && placed) {
            assertThat(decoding).isInstanceOfSatisfying(Decoding.Truncation.class, truncation -> {
                assertThat(truncation.table()).isEqualTo(FOO);
                assertThat(truncation.position().transaction()).isEqualTo(0x2_7C00_73F8L);
            });
        } else {
            assertThat(decoding)
                    .isInstanceOfSatisfying(
                            Decoding.Rejected.class,
                            rejected -> assertThat(rejected.code()).isEqualTo(DeadLetterCode.TABLE_TRUNCATED));
        }
    }

    /** The names of the broken record's columns are those of the next one, and as many as those of the one before. */
    @Test
    void rowBehindABrokenRecordHasItsOwnColumns() {
        event(decode("{\"data\":{\"id\":1,\"name\":\"a\"}," + metadata("insert", "") + "}"));
        assertThat(decode("{\"data\":{\"id\":2,\"other\":\"b")).isInstanceOf(Decoding.Rejected.class);

        ChangeEvent next = event(decode("{\"data\":{\"id\":3,\"other\":\"c\"}," + metadata("insert", "") + "}"));

        Row row = Objects.requireNonNull(next.after());
        assertThat(row.value(row.schema().indexOf("other"))).isEqualTo("c");
        assertThat(row.value(row.schema().indexOf("name"))).isNull();
    }

    @ParameterizedTest
    @CsvSource({"INSERT, data", "Insert, Data", "insert, ''"})
    void spellingOfWordsDoesNotMatterNorThatTheRecordTypeIsMissing(String operation, String type) {
        ChangeEvent event = event(decode("{\"data\":{\"id\":1},\"metadata\":{\"operation\":\"" + operation + "\","
                + (type.isEmpty() ? "" : "\"record-type\":\"" + type + "\",")
                + "\"schema-name\":\"public\",\"table-name\":\"foo\"}}"));

        assertThat(event.operation()).isEqualTo(Operation.INSERT);
    }

    @Test
    void controlRecordThatDoesNotSayWhatItIsIsOne() {
        assertThat(decode("{\"control\":{},\"metadata\":{\"operation\":\"create-table\",\"schema-name\":\"public\","
                        + "\"table-name\":\"foo\"}}"))
                .isInstanceOf(Decoding.Control.class);
    }

    @Test
    void deleteTakesItsKeyFromTheBeforeImageIfItsDataHasNone() {
        ChangeEvent event =
                event(decode("{\"data\":{\"id\":null},\"before-image\":{\"id\":7}," + metadata("delete", "") + "}"));

        assertThat(event.operation()).isEqualTo(Operation.DELETE);
        assertThat(event.key().id()).isEqualTo("7");
    }

    @ParameterizedTest
    @CsvSource({
        "create-table",
        "drop-table",
        "rename-table",
        "add-column",
        "drop-column",
        "rename-column",
        "change-columns",
        "column-type-change"
    })
    void controlRecordIsNeverARow(String operation) {
        assertThat(decode("""
                {"control":{"table-def":{"columns":{"id":{"type":"INT32","nullable":false}},"primary-key":["id"]}},
                "data":{"id":1},"metadata":{"record-type":"control","operation":"%s","schema-name":"public",
                "table-name":"foo","partition-key-type":"task-id"}}""".formatted(operation))).isInstanceOf(Decoding.Control.class);
    }

    @Test
    void undeclaredColumnsAreTextWhateverJsonMakesOfTheirValues() {
        for (String value : List.of("1", "1.50", "true", "\"text\"", "12345678901234567890", "{\"a\":[1.0,null]}")) {
            Row row = after(decode(record("insert", "{\"id\":1,\"v\":" + value + "}")));

            assertThat(row.schema().columns()).contains(new Column("v", Primitive.STRING, true));
            assertThat(value(row, "v")).isEqualTo(value.equals("\"text\"") ? "text" : value);
        }
    }

    @Test
    void columnsThatAreLeftOutAreNullAndLeaveTheSchemaAsItIs() {
        Row whole = after(decode(record("insert", "{\"id\":1,\"a\":\"x\",\"b\":\"y\"}")));
        Row sparse = after(decode(record("update", "{\"id\":1,\"b\":\"y\"}")));

        assertThat(sparse.schema()).isEqualTo(whole.schema());
        assertThat(value(sparse, "a")).isNull();
        assertThat(value(sparse, "b")).isEqualTo("y");
    }

    @Test
    void maskedColumnThatIsLeftOutIsNoneAsItMayHaveAnotherName() {
        DmsJsonDecoder masked = new DmsJsonDecoder(
                List.of(new TableRoute(
                        FOO,
                        List.of("id"),
                        Map.of(),
                        null,
                        null,
                        Map.of(),
                        new Quality(Map.of("note", Mask.HASH), List.of()))),
                "before-image");
        masked.decode(raw(record("insert", "{\"id\":\"1\",\"note\":null}")));

        Row renamed = after(masked.decode(raw(record("insert", "{\"id\":\"2\",\"remark\":\"x\"}"))));

        assertThat(renamed.schema().columns()).extracting(Column::name).containsExactly("id", "remark");
    }

    @Test
    void renamedColumnGoesWhenItsNewNameComes() {
        DmsJsonDecoder hinted = new DmsJsonDecoder(
                List.of(new TableRoute(
                        FOO, List.of("id"), Map.of(), null, null, Map.of("title", "name"), Quality.NONE)),
                "before-image");
        hinted.decode(raw(record("insert", "{\"id\":1,\"name\":\"x\",\"a\":\"y\"}")));

        Row row = after(hinted.decode(raw(record("update", "{\"id\":1,\"title\":\"x\"}"))));

        assertThat(row.schema().columns()).extracting(Column::name).containsExactly("id", "a", "title");
    }

    @Test
    void declaredTypesAreTaken() {
        Row row = after(decoder(Map.of(
                        "id",
                        "int64",
                        "price",
                        "decimal(10,2)",
                        "at",
                        "timestamp",
                        "on",
                        "boolean",
                        "raw",
                        "bytes(hex)"))
                .decode(GoldenRecords.raw(record(
                                "insert",
                                "{\"id\":1,\"price\":12.5,\"at\":\"2024-02-29T13:05:07.5Z\",\"on\":\"true\",\"raw\":\"0xDEAD\"}")
                        .getBytes(StandardCharsets.UTF_8))));

        assertThat(value(row, "id")).isEqualTo(1L);
        assertThat(value(row, "price")).isEqualTo(new java.math.BigDecimal("12.50"));
        assertThat(value(row, "at")).isEqualTo(1_709_211_907_500_000L);
        assertThat(value(row, "on")).isEqualTo(true);
        assertThat(row.schema().columns().get(row.schema().indexOf("price")).type())
                .isEqualTo(new ColumnType.Decimal(10, 2));
    }

    @Test
    void loadedRowsStandBeforeAllChanges() {
        assertThat(event(decode(record("load", "{\"id\":1}"))).position()).isEqualTo(new SourcePosition(0, 0));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            delimiter = ';',
            value = {
                "00000002/7C0073F8.2.00000002/7C0073F8; 1141; 3; 10670339064; 50",
                "00000002/7C0073F8.2.00000002/7C0073F8; -; -; 10670339064; 2",
                "00000002/7C0073F8.9.00000001/00000001; -; -; 10670339064; 4294967297",
                "mysql-bin-changelog.000024:3697:-1:3792:4611686018427388928:mysql-bin-changelog.000024:3697; 7; 2;"
                        + " 103079218801; 2",
                "something else; 1141; 3; 1141; 3",
                "-; 1141; 3; 1141; 3",
                "-; 1141; -; 1141; 0"
            })
    void positionIsThatOfTheStreamElseOfTheTransaction(
            @Nullable String stream, @Nullable String transaction, @Nullable String place, long first, long second) {
        StringBuilder more = new StringBuilder();
        if (stream != null) {
            more.append(",\"stream-position\":\"").append(stream).append('"');
        }
        if (transaction != null) {
            more.append(",\"transaction-id\":").append(transaction);
        }
        if (place != null) {
            more.append(",\"transaction-record-id\":").append(place);
        }

        assertThat(event(decode("{\"data\":{\"id\":1}," + metadata("insert", more.toString()) + "}"))
                        .position())
                .isEqualTo(new SourcePosition(first, second));
    }

    @Test
    void changeWithoutTransactionDetailsHasNoPosition() {
        assertThat(event(decode(record("insert", "{\"id\":1}"))).position()).isNull();
    }

    @Test
    void eventTimeIsTheCommitElseTheRecordsOwn() {
        ChangeEvent committed = event(decode("{\"data\":{\"id\":1},"
                + metadata("insert", ",\"commit-timestamp\":\"2024-07-29T00:58:17.974340Z\"") + "}"));
        ChangeEvent written = event(decode(record("insert", "{\"id\":1}")));

        assertThat(committed.eventTimeMicros()).isEqualTo(1_722_214_697_974_340L);
        assertThat(written.eventTimeMicros()).isEqualTo(1_722_214_747_686_557L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"data\":{\"id\":1}}; UNSUPPORTED_SCHEMA",
                "[]; MALFORMED",
                "{\"data\":[]; MALFORMED",
                "{\"data\":{\"id\":1,\"id\":2}}; UNSUPPORTED_SCHEMA",
            })
    void whatIsNoRecordOfDmsIsRejected(String json, DeadLetterCode code) {
        Decoding decoding = decode(json);

        assertThat(decoding).isInstanceOf(Decoding.Rejected.class);
        assertThat(((Decoding.Rejected) decoding).code()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "insert; {\"name\":\"x\"}; MISSING_KEY",
                "insert; null; MALFORMED",
                "delete; null; MISSING_KEY",
                "delete; {\"name\":null}; MISSING_KEY",
                "insert; {\"id\":1,\"id\":2}; MALFORMED",
                "merge; {\"id\":1}; UNSUPPORTED_OPERATION"
            })
    void changeThatCannotBeAppliedIsRejected(String operation, String data, DeadLetterCode code) {
        Decoding decoding = decode(record(operation, data));

        assertThat(decoding).isInstanceOf(Decoding.Rejected.class);
        assertThat(((Decoding.Rejected) decoding).code()).isEqualTo(code);
    }

    @Test
    void tableNobodyAskedForIsControl() {
        assertThat(decode(record("insert", "{\"id\":1}").replace("\"foo\"", "\"bar\"")))
                .isEqualTo(new Decoding.Control("unrouted table"));
    }
}
