package io.millrace.iceberg;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What Iceberg expects of an upsert sink, held against this one: the situations of its {@code TestFlinkUpsert}, {@code
 * TestIcebergSinkV2}, {@code TestIcebergFilesCommitter} and {@code TestDeltaTaskWriter}, for both format versions and
 * several partitionings, with every snapshot read as it was.
 */
class UpsertExpectationsTest {
    private static final Schema SCHEMA = new Schema(
            Types.NestedField.required(1, "id", Types.LongType.get()),
            Types.NestedField.required(2, "data", Types.StringType.get()));

    private final String name = UUID.randomUUID().toString();
    private final SharedCatalog catalog = SharedCatalog.named(name);

    /**
     * A situation.
     *
     * @param key the key columns
     * @param checkpoints for each checkpoint its changes: {@code +1 a} makes row (1, a), {@code -1 a} takes it away
     * @param tables for each checkpoint the rows that a reader then sees
     */
    private record Situation(String name, List<String> key, List<List<String>> checkpoints, List<List<String>> tables) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final List<Situation> SITUATIONS = List.of(
            new Situation(
                    "a change log by id",
                    List.of("id"),
                    List.of(
                            List.of("+1 a", "-1 a", "+1 b", "+2 a", "-2 a", "+2 b"),
                            List.of("-2 b", "+2 c", "-2 c", "+2 d"),
                            List.of("-1 b", "+1 c", "-1 c", "+1 d")),
                    List.of(List.of("1 b", "2 b"), List.of("1 b", "2 d"), List.of("1 d", "2 d"))),
            new Situation(
                    "a change log by data",
                    List.of("data"),
                    List.of(
                            List.of("+1 a", "-1 a", "+2 b", "+1 a", "+2 a"),
                            List.of("-2 b", "+1 c", "-1 c", "+3 b"),
                            List.of("-2 a", "+5 a", "+4 c", "-3 b")),
                    List.of(List.of("2 a", "2 b"), List.of("2 a", "3 b"), List.of("5 a", "4 c"))),
            new Situation(
                    "a change log by both",
                    List.of("id", "data"),
                    List.of(
                            List.of("+1 a", "-1 a", "+2 b", "+1 b", "+2 a"),
                            List.of("-2 a", "+1 c", "-1 c"),
                            List.of("-1 b", "+1 a", "-1 a", "+1 d", "+2 d")),
                    List.of(List.of("2 b", "1 b", "2 a"), List.of("2 b", "1 b"), List.of("2 b", "1 d", "2 d"))),
            new Situation(
                    "one row made and taken away again and again",
                    List.of("id", "data"),
                    List.of(
                            List.of("+1 a", "-1 a", "+1 a"),
                            List.of("-1 a", "+1 a"),
                            List.of("-1 a", "+1 a", "-1 a", "+1 a")),
                    List.of(List.of("1 a"), List.of("1 a"), List.of("1 a"))),
            new Situation(
                    "upserts by id",
                    List.of("id"),
                    List.of(List.of("+1 a", "+1 b"), List.of("+1 c"), List.of("+1 d", "+1 e")),
                    List.of(List.of("1 b"), List.of("1 c"), List.of("1 e"))),
            new Situation(
                    "upserts by data, the partition column of some tables",
                    List.of("data"),
                    List.of(List.of("+1 a", "+2 a", "+3 b"), List.of("+4 a", "+5 b"), List.of("+6 a", "+7 b")),
                    List.of(List.of("2 a", "3 b"), List.of("4 a", "5 b"), List.of("6 a", "7 b"))),
            new Situation(
                    "upserts by both",
                    List.of("id", "data"),
                    List.of(
                            List.of("+1 a", "+1 a", "+2 b"),
                            List.of("+1 a", "-2 b", "+2 c"),
                            List.of("+1 b", "-1 a", "-1 x")),
                    List.of(List.of("1 a", "2 b"), List.of("1 a", "2 c"), List.of("1 b", "2 c"))),
            new Situation(
                    "deletes of rows that are not there",
                    List.of("id"),
                    List.of(List.of("-1 a", "+2 b"), List.of("-3 c", "-2 b", "-2 b"), List.of("+3 c", "-1 a")),
                    List.of(List.of("2 b"), List.of(), List.of("3 c"))),
            new Situation(
                    "rows that change partition, forth and back",
                    List.of("id"),
                    List.of(List.of("+1 a", "+2 b"), List.of("+1 b", "+2 a"), List.of("+1 a", "+2 b")),
                    List.of(List.of("1 a", "2 b"), List.of("1 b", "2 a"), List.of("1 a", "2 b"))));

    static Stream<Arguments> everySituation() {
        List<Arguments> all = new ArrayList<>();
        for (Situation situation : SITUATIONS) {
            for (int version : new int[] {2, 3}) {
                for (List<String> partition : List.of(
                        List.<String>of(), List.of("data"), List.of("bucket(2, id)"), List.of("truncate(1, data)"))) {
                    all.add(Arguments.of(situation, version, partition));
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0}, version {1}, partitioned by {2}")
    @MethodSource("everySituation")
    void readersSeeEachCheckpoint(Situation situation, int version, List<String> partitionBy) throws Exception {
        UpsertTable table = table(situation.key(), version, partitionBy);
        try (SinkHarness sink = new SinkHarness(SharedCatalog.loader(name), List.of(table), 2)) {
            for (int i = 0; i < situation.checkpoints().size(); i++) {
                for (String change : situation.checkpoints().get(i)) {
                    sink.process(change(table, change));
                }
                sink.commit();

                assertThat(rows(table))
                        .as("after checkpoint %s", i + 1)
                        .containsExactlyInAnyOrderElementsOf(situation.tables().get(i));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void keyAtTheEndOfTheSchemaAndInThePartition(int version) throws Exception {
        Schema schema = new Schema(
                Types.NestedField.optional(1, "name", Types.StringType.get()),
                Types.NestedField.required(2, "id", Types.IntegerType.get()),
                Types.NestedField.required(3, "dt", Types.DateType.get()));
        TableIdentifier people = TableIdentifier.of("lab", "composite_people");
        UpsertTable table = new UpsertTable(people, List.of("id", "dt"), List.of("dt"), version, Map.of());
        try (SinkHarness sink = new SinkHarness(SharedCatalog.loader(name), List.of(table), 2)) {
            sink.process(new Change(people, "1,19000", schema, Arrays.asList("Andy", 1, 19000)));
            sink.process(new Change(people, "1,19000", schema, Arrays.asList("Bill", 1, 19000)));
            sink.process(new Change(people, "2,19000", schema, Arrays.asList("Jane", 2, 19000)));
            sink.commit();
            sink.process(new Change(people, "1,19000", schema, Arrays.asList("Jane", 1, 19000)));
            sink.process(new Change(people, "1,19001", schema, Arrays.asList("Duke", 1, 19001)));
            sink.commit();
        }

        Table written = catalog.direct().loadTable(people);
        assertThat(TableReader.rows(written, written.currentSnapshot(), 3).values())
                .extracting(row -> row.get(0) + " " + row.get(1))
                .containsExactlyInAnyOrder("Jane 1", "Jane 2", "Duke 1");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void deletesTellWhichFileTheyAreFor(int version) throws Exception {
        UpsertTable table = table(List.of("id"), version, List.of());
        try (SinkHarness sink = new SinkHarness(SharedCatalog.loader(name), List.of(table), 1)) {
            sink.process(change(table, "+1 a"));
            sink.commit();
            sink.process(change(table, "-1 a"));
            sink.commit();
        }

        try (CloseableIterable<FileScanTask> tasks =
                load(table).newScan().includeColumnStats().planFiles()) {
            for (FileScanTask task : tasks) {
                DataFile file = task.file();
                assertThat(task.deletes()).hasSize(1);
                DeleteFile delete = task.deletes().get(0);
                assertThat(delete.recordCount()).isEqualTo(1);
                if (version == 3) {
                    assertThat(delete.referencedDataFile()).isEqualTo(file.location());
                } else {
                    ByteBuffer path = delete.lowerBounds().get(MetadataColumns.DELETE_FILE_PATH.fieldId());
                    assertThat(path).isNotNull();
                    assertThat(StandardCharsets.UTF_8.decode(path.duplicate()).toString())
                            .isEqualTo(file.location());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void checkpointThatIsReportedCompleteTwiceLandsOnce(int version) throws Exception {
        UpsertTable table = table(List.of("id"), version, List.of());
        try (SinkHarness sink = new SinkHarness(SharedCatalog.loader(name), List.of(table), 2)) {
            sink.process(change(table, "+1 a"));
            SinkHarness.Checkpoint checkpoint = sink.checkpoint();
            sink.complete(checkpoint);
            sink.complete(checkpoint);
        }

        assertThat(load(table).snapshots()).hasSize(1);
        assertThat(rows(table)).containsExactly("1 a");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void completionThatIsNeverReportedIsMadeUpForByTheNext(int version) throws Exception {
        UpsertTable table = table(List.of("id"), version, List.of("data"));
        try (SinkHarness sink = new SinkHarness(SharedCatalog.loader(name), List.of(table), 2)) {
            sink.process(change(table, "+1 a"));
            sink.checkpoint();
            sink.process(change(table, "+1 b"));
            sink.process(change(table, "+2 b"));
            sink.checkpoint();
            sink.process(change(table, "-2 b"));
            sink.commit();
        }

        assertThat(load(table).snapshots()).hasSize(1);
        assertThat(rows(table)).containsExactly("1 b");
    }

    @Test
    void jobsThatWriteDifferentTablesOfOneCatalogDoNotMeet() throws Exception {
        UpsertTable one = table(List.of("id"), 2, List.of());
        UpsertTable other = new UpsertTable(TableIdentifier.of("lab", "other"), List.of("id"), List.of(), 3, Map.of());
        try (SinkHarness first = new SinkHarness(SharedCatalog.loader(name), List.of(one), 2);
                SinkHarness second =
                        new SinkHarness(SharedCatalog.loader(name), List.of(other), 1, null, 64L << 20, "second")) {
            first.process(change(one, "+1 a"));
            second.process(change(other, "+1 x"));
            SinkHarness.Checkpoint waiting = first.checkpoint();
            second.commit();
            first.complete(waiting);
            second.process(change(other, "+1 y"));
            second.commit();
        }

        assertThat(rows(one)).containsExactly("1 a");
        assertThat(rows(other)).containsExactly("1 y");
    }

    private static UpsertTable table(List<String> key, int version, List<String> partitionBy) {
        // The reader of changes knows tables with two key columns by their names.
        String table = key.size() == 2 ? "composite" : "by_" + key.get(0);
        return new UpsertTable(TableIdentifier.of("lab", table), key, partitionBy, version, Map.of());
    }

    private static Change change(UpsertTable table, String text) {
        List<String> values = Arrays.asList(text.substring(1).split(" ", 2));
        String key = String.join(
                ",",
                table.keyColumns().stream()
                        .map(column -> values.get(column.equals("id") ? 0 : 1))
                        .toList());
        return text.charAt(0) == '-'
                ? new Change(table.identifier(), key, null, null)
                : new Change(
                        table.identifier(), key, SCHEMA, Arrays.asList(Long.parseLong(values.get(0)), values.get(1)));
    }

    private Table load(UpsertTable table) {
        return catalog.direct().loadTable(table.identifier());
    }

    private List<String> rows(UpsertTable table) {
        Table loaded = load(table);
        return TableReader.rows(loaded, loaded.currentSnapshot(), 2).values().stream()
                .map(row -> row.get(0) + " " + row.get(1))
                .toList();
    }
}
