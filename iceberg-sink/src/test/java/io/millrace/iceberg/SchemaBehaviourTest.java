package io.millrace.iceberg;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tables made on first sight, schemas that grow, and changes that do not fit. */
@SuppressWarnings("NullAway.Init")
class SchemaBehaviourTest {
    private static final TableIdentifier ITEMS = TableIdentifier.of("shop", "eu", "items");
    private static final TableIdentifier RENAMED = TableIdentifier.of("shop", "renamed");
    private static final TableIdentifier PAIRS = TableIdentifier.of("shop", "composite_pairs");

    private final String name = UUID.randomUUID().toString();
    private SinkHarness sink;

    @BeforeEach
    void start() throws Exception {
        sink = new SinkHarness(
                SharedCatalog.loader(name),
                List.of(
                        new UpsertTable(ITEMS, List.of("id"), List.of("bucket(4, id)"), 2, Map.of("owner", "test")),
                        new UpsertTable(PAIRS, List.of("left", "right"), List.of("left"), 2, Map.of()),
                        new UpsertTable(RENAMED, List.of("id"), List.of(), 3, Map.of(), Map.of("title", "name"))),
                2);
    }

    @AfterEach
    void stop() throws Exception {
        sink.close();
    }

    private static Schema items(Type type, boolean required) {
        return new Schema(
                Types.NestedField.required(1, "id", Types.LongType.get()),
                Types.NestedField.of(2, !required, "value", type));
    }

    private void upsert(Schema schema, @Nullable Object... row) throws Exception {
        sink.process(new Change(ITEMS, String.valueOf(row[0]), schema, Arrays.asList(row)));
    }

    private Table table(TableIdentifier identifier) {
        return SharedCatalog.named(name).direct().loadTable(identifier);
    }

    private Map<String, List<Object>> rows() {
        return TableReader.rows(table(ITEMS));
    }

    @Test
    void tableIsMadeWithItsKeyPartitionsAndProperties() throws Exception {
        upsert(items(Types.StringType.get(), true), 1L, "a");
        sink.commit();

        Table table = table(ITEMS);
        assertThat(table.schema().identifierFieldNames()).containsExactly("id");
        assertThat(table.spec().fields()).extracting("name").containsExactly("id_bucket");
        assertThat(table.schema().findField("value").isRequired()).isTrue();
        assertThat(table.properties())
                .containsEntry("owner", "test")
                .containsEntry("write.parquet.compression-codec", "zstd")
                .containsEntry("write.metadata.metrics.column.id", "full");
    }

    @Test
    void newColumnIsAddedAndNullInEarlierRows() throws Exception {
        upsert(items(Types.StringType.get(), false), 1L, "a");
        sink.commit();
        Schema wider = new Schema(
                Types.NestedField.required(1, "id", Types.LongType.get()),
                Types.NestedField.optional(2, "extra", Types.IntegerType.get()),
                Types.NestedField.optional(3, "value", Types.StringType.get()));
        upsert(wider, 2L, 7, "b");
        sink.commit();

        assertThat(rows()).isEqualTo(Map.of("1", Arrays.asList(1L, "a", null), "2", Arrays.asList(2L, "b", 7)));
    }

    @Test
    void columnsAndPartitionsThatSomebodyElseChangesAreFollowed() throws Exception {
        upsert(items(Types.StringType.get(), false), 1L, "a");
        upsert(items(Types.StringType.get(), false), 2L, "b");
        sink.commit();
        upsert(items(Types.StringType.get(), false), 1L, "while it changes");
        table(ITEMS).updateSchema().addColumn("theirs", Types.IntegerType.get()).commit();
        table(ITEMS).updateSpec().addField("value").removeField("id_bucket").commit();
        sink.commit();
        upsert(items(Types.StringType.get(), false), 2L, "after");
        sink.process(new Change(ITEMS, "1", null, null));
        sink.commit();

        assertThat(rows()).isEqualTo(Map.of("2", Arrays.asList(2L, "after", null)));
        assertThat(table(ITEMS).spec().fields()).extracting("name").containsExactly("value");
    }

    @Test
    void schemaChangesInTheMiddleOfACheckpoint() throws Exception {
        upsert(items(Types.IntegerType.get(), true), 1L, 1);
        upsert(items(Types.LongType.get(), false), 1L, 2L);
        upsert(items(Types.LongType.get(), false), 2L, null);
        upsert(items(Types.IntegerType.get(), true), 3L, 3);
        sink.commit();

        assertThat(rows())
                .isEqualTo(
                        Map.of("1", Arrays.asList(1L, 2L), "2", Arrays.asList(2L, null), "3", Arrays.asList(3L, 3L)));
    }

    @Test
    void typesWiden() throws Exception {
        Schema narrow = new Schema(
                Types.NestedField.required(1, "id", Types.LongType.get()),
                Types.NestedField.optional(2, "f", Types.FloatType.get()),
                Types.NestedField.optional(3, "d", Types.DecimalType.of(5, 2)),
                Types.NestedField.optional(4, "l", Types.ListType.ofOptional(5, Types.IntegerType.get())));
        Schema wide = new Schema(
                Types.NestedField.required(1, "id", Types.LongType.get()),
                Types.NestedField.optional(2, "f", Types.DoubleType.get()),
                Types.NestedField.optional(3, "d", Types.DecimalType.of(20, 2)),
                Types.NestedField.optional(4, "l", Types.ListType.ofOptional(5, Types.LongType.get())));
        upsert(narrow, 1L, 1.5f, new BigDecimal("1.25"), List.of(1));
        upsert(wide, 2L, 2.5d, new BigDecimal("123456789012.25"), List.of(2L));
        upsert(narrow, 3L, 3.5f, new BigDecimal("3.25"), Arrays.asList(3, null));
        sink.commit();

        assertThat(rows())
                .isEqualTo(Map.of(
                        "1", List.of(1L, 1.5d, new BigDecimal("1.25"), List.of(1L)),
                        "2", List.of(2L, 2.5d, new BigDecimal("123456789012.25"), List.of(2L)),
                        "3", List.of(3L, 3.5d, new BigDecimal("3.25"), Arrays.asList(3L, null))));
    }

    @Test
    void missingColumnBecomesNull() throws Exception {
        upsert(items(Types.StringType.get(), true), 1L, "a");
        sink.commit();
        upsert(new Schema(Types.NestedField.required(1, "id", Types.LongType.get())), 1L);
        sink.commit();

        assertThat(rows()).isEqualTo(Map.of("1", Arrays.asList(1L, null)));
    }

    @Test
    void renamedColumnKeepsItsFieldAndItsValues() throws Exception {
        Schema before = named("name");
        Schema after = named("title");
        sink.process(new Change(RENAMED, "1", before, List.of(1L, "a")));
        sink.commit();
        int field = table(RENAMED).schema().findField("name").fieldId();
        sink.process(new Change(RENAMED, "2", before, List.of(2L, "b")));
        sink.process(new Change(RENAMED, "3", after, List.of(3L, "c")));
        // Another shard may still have changes from before.
        sink.process(new Change(RENAMED, "1", before, List.of(1L, "A")));
        sink.process(new Change(RENAMED, "4", before, List.of(4L, "d")));
        sink.commit();

        Table table = table(RENAMED);
        assertThat(table.schema().columns()).extracting(Types.NestedField::name).containsExactly("id", "title");
        assertThat(table.schema().findField("title").fieldId()).isEqualTo(field);
        assertThat(TableReader.rows(table))
                .isEqualTo(Map.of(
                        "1", List.of(1L, "A"), "2", List.of(2L, "b"), "3", List.of(3L, "c"), "4", List.of(4L, "d")));
    }

    private static Schema named(String column) {
        return new Schema(
                Types.NestedField.required(1, "id", Types.LongType.get()),
                Types.NestedField.optional(2, column, Types.StringType.get()));
    }

    @Test
    void droppedColumnStaysAndIsNullFromThenOnAlsoWhenItComesBack() throws Exception {
        Schema without = new Schema(Types.NestedField.required(1, "id", Types.LongType.get()));
        upsert(items(Types.StringType.get(), false), 1L, "a");
        sink.commit();
        upsert(without, 2L);
        upsert(items(Types.StringType.get(), false), 3L, "c");
        sink.commit();

        assertThat(rows())
                .isEqualTo(
                        Map.of("1", Arrays.asList(1L, "a"), "2", Arrays.asList(2L, null), "3", Arrays.asList(3L, "c")));
    }

    @Test
    void gateAdmitsWhatTheSinkThenTakesAndRefusesTheRest() throws Exception {
        UpsertTable items = new UpsertTable(ITEMS, List.of("id"), List.of(), 2, Map.of());
        try (SchemaGate gate = new SchemaGate(SharedCatalog.loader(name))) {
            assertThat(gate.refusal(items, items(Types.StringType.get(), false)))
                    .isNull();
            assertThat(SharedCatalog.named(name).direct().tableExists(ITEMS)).isFalse();
            assertThat(gate.admit(items, items(Types.IntegerType.get(), false))).isNull();
            assertThat(gate.admit(items, items(Types.LongType.get(), false))).isNull();
            assertThat(gate.refusal(items, items(Types.StringType.get(), false)))
                    .contains("Cannot write string into column value of type long");
            assertThat(gate.refusal(items, new Schema(Types.NestedField.optional(1, "value", Types.LongType.get()))))
                    .isNull();
            assertThat(gate.refusal(
                            new UpsertTable(PAIRS, List.of("left"), List.of("day(nothing)"), 2, Map.of()),
                            items(Types.LongType.get(), false)))
                    .contains("left");
        }
        upsert(items(Types.IntegerType.get(), false), 1L, 1);
        sink.commit();

        assertThat(rows()).isEqualTo(Map.of("1", List.of(1L, 1L)));
        assertThat(sink.rejections()).isEmpty();
    }

    @Test
    void incompatibleChangeIsRejectedAndOthersFlowOn() throws Exception {
        upsert(items(Types.StringType.get(), false), 1L, "a");
        upsert(items(Types.BooleanType.get(), false), 2L, true);
        upsert(items(Types.StringType.get(), false), 3L, "c");
        sink.commit();

        assertThat(rows()).containsOnlyKeys("1", "3");
        assertThat(sink.rejections()).containsExactly(Rejection.Reason.INCOMPATIBLE_SCHEMA);
    }

    @Test
    void wrongValueMissingKeyAndUnknownTableAreRejected() throws Exception {
        upsert(items(Types.StringType.get(), true), 1L, "a");
        upsert(items(Types.StringType.get(), true), 2L, 42);
        upsert(items(Types.StringType.get(), true), 3L, null);
        sink.process(new Change(ITEMS, "4", items(Types.StringType.get(), true), Arrays.asList(null, "d")));
        sink.process(new Change(TableIdentifier.of("nobody"), "5", null, null));
        sink.commit();

        assertThat(rows()).containsOnlyKeys("1");
        assertThat(sink.rejections())
                .containsExactlyInAnyOrder(
                        Rejection.Reason.INVALID_VALUE,
                        Rejection.Reason.INVALID_VALUE,
                        Rejection.Reason.MISSING_KEY,
                        Rejection.Reason.UNKNOWN_TABLE);
    }

    @Test
    void compositeKeysIdentifyRowsTogether() throws Exception {
        Schema schema = new Schema(
                Types.NestedField.required(1, "left", Types.StringType.get()),
                Types.NestedField.required(2, "right", Types.IntegerType.get()),
                Types.NestedField.optional(3, "value", Types.StringType.get()));
        for (int right = 0; right < 4; right++) {
            for (String left : List.of("a", "b")) {
                sink.process(new Change(PAIRS, left + "," + right, schema, Arrays.asList(left, right, "old")));
            }
        }
        sink.commit();
        sink.process(new Change(PAIRS, "a,1", schema, Arrays.asList("a", 1, "new")));
        sink.process(new Change(PAIRS, "b,2", null, null));
        sink.commit();

        Table table = table(PAIRS);
        table.refresh();
        assertThat(TableReader.rows(table, table.currentSnapshot(), 2))
                .hasSize(7)
                .containsEntry("a,1", List.of("a", 1, "new"))
                .doesNotContainKey("b,2");
    }

    @Test
    void everyTypeComesBackAsItWent() throws Exception {
        Schema schema = new Schema(
                Types.NestedField.required(1, "id", Types.LongType.get()),
                Types.NestedField.optional(2, "b", Types.BooleanType.get()),
                Types.NestedField.optional(3, "date", Types.DateType.get()),
                Types.NestedField.optional(4, "time", Types.TimeType.get()),
                Types.NestedField.optional(5, "ts", Types.TimestampType.withoutZone()),
                Types.NestedField.optional(6, "tstz", Types.TimestampType.withZone()),
                Types.NestedField.optional(7, "bin", Types.BinaryType.get()),
                Types.NestedField.optional(8, "uuid", Types.UUIDType.get()),
                Types.NestedField.optional(9, "list", Types.ListType.ofOptional(10, Types.StringType.get())));
        UUID uuid = new UUID(1, 2);
        upsert(
                schema,
                1L,
                true,
                19_000,
                3_600_000_001L,
                1_700_000_000_000_001L,
                1_700_000_000_000_002L,
                ByteBuffer.wrap(new byte[] {1, 2}),
                uuid,
                Arrays.asList("x", null));
        sink.commit();

        assertThat(rows().get("1"))
                .isEqualTo(Arrays.asList(
                        1L,
                        true,
                        java.time.LocalDate.ofEpochDay(19_000),
                        java.time.LocalTime.ofNanoOfDay(3_600_000_001_000L),
                        java.time.LocalDateTime.parse("2023-11-14T22:13:20.000001"),
                        java.time.OffsetDateTime.parse("2023-11-14T22:13:20.000002Z"),
                        ByteBuffer.wrap(new byte[] {1, 2}),
                        uuid,
                        Arrays.asList("x", null)));
    }
}
