package io.millrace.iceberg.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.BaseDeleteLoader;
import org.apache.iceberg.deletes.Deletes;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PositionDeleteFileTest {
    private static final PartitionSpec SPEC = PartitionSpec.unpartitioned();
    private static final StructLike UNPARTITIONED = new PartitionData(SPEC.partitionType());

    @TempDir
    Path directory;

    private Table table;

    @BeforeEach
    void makeTable() {
        table = new HadoopTables(new Configuration())
                .create(
                        new Schema(Types.NestedField.required(1, "id", Types.LongType.get())),
                        directory.resolve("table").toString());
    }

    private DeleteFile write(SortedMap<String, PositionDeleteIndex> positions) {
        String location = table.locationProvider().newDataLocation("deletes.parquet");
        return PositionDeleteFile.write(table, SPEC, UNPARTITIONED, location, positions);
    }

    private static PositionDeleteIndex index(long... positions) {
        PositionDeleteIndex index = Deletes.toPositionIndex(CloseableIterable.empty());
        for (long position : positions) {
            index.delete(position);
        }
        return index;
    }

    private static Object bound(Map<Integer, ByteBuffer> bounds) {
        return Conversions.fromByteBuffer(
                        Types.StringType.get(), bounds.get(MetadataColumns.DELETE_FILE_PATH.fieldId()))
                .toString();
    }

    @Test
    void icebergsOwnReaderFindsEveryPositionOfManyFilesAndRowGroups() {
        Random random = new Random(3);
        SortedMap<String, PositionDeleteIndex> positions = new TreeMap<>();
        for (int file = 0; file < 300; file++) {
            PositionDeleteIndex index = index(Integer.MAX_VALUE + 5L + file);
            for (int i = 0; i < 1000; i++) {
                index.delete(random.nextInt(5_000_000));
            }
            positions.put("file:/wärehouse/t/data/日付=2024-02-29/" + file + ".parquet", index);
        }
        DeleteFile file = write(positions);
        assertThat(file.recordCount())
                .isEqualTo(positions.values().stream()
                        .mapToLong(PositionDeleteIndex::cardinality)
                        .sum());
        assertThat(file.splitOffsets()).as("row groups").hasSizeGreaterThan(2);
        assertThat(file.referencedDataFile()).isNull();
        assertThat(bound(file.lowerBounds())).isEqualTo(positions.firstKey());
        assertThat(bound(file.upperBounds())).isEqualTo(positions.lastKey());
        BaseDeleteLoader loader = new BaseDeleteLoader(delete -> table.io().newInputFile(delete));
        positions.forEach((path, index) -> assertThat(listed(loader.loadPositionDeletes(List.of(file), path)))
                .isEqualTo(listed(index)));
        assertThat(PositionDeleteFile.read(table, file).keySet()).isEqualTo(positions.keySet());
        PositionDeleteFile.read(table, file)
                .forEach((path, index) ->
                        assertThat(listed(index)).isEqualTo(listed(Objects.requireNonNull(positions.get(path)))));
    }

    @Test
    void deletesOfOneDataFileNameIt() {
        DeleteFile file = write(new TreeMap<>(Map.of("s3://lake/t/a.parquet", index(0, 17))));
        assertThat(file.referencedDataFile()).isEqualTo("s3://lake/t/a.parquet");
    }

    @Test
    void whatIsRememberedStaysWithinBoundsAndDropsWhatWasUsedLeast() {
        RecentDeletes recent = new RecentDeletes(2 * 200 + 25);
        DeleteFile[] files = new DeleteFile[4];
        for (int i = 0; i < files.length; i++) {
            PositionDeleteIndex ten = index(1, 2, 3, 4, 5, 6, 7, 8, 9, i + 100);
            files[i] = PositionDeleteFile.write(
                    table,
                    SPEC,
                    UNPARTITIONED,
                    table.locationProvider().newDataLocation(i + ".parquet"),
                    new TreeMap<>(Map.of("a", ten)));
        }
        recent.put(files[0], Map.of("a", index(0)));
        recent.put(files[1], Map.of("a", index(1)));
        assertThat(recent.get(files[0])).isNotNull();
        recent.put(files[2], Map.of("a", index(2)));
        assertThat(recent.get(files[1])).isNull();
        assertThat(recent.get(files[0])).isNotNull();
        recent.remove(files[0]);
        recent.put(files[3], Map.of("a", index(3)));
        assertThat(recent.get(files[2])).isNotNull();
        assertThat(recent.get(files[3])).isNotNull();
    }

    private static List<Long> listed(PositionDeleteIndex index) {
        List<Long> positions = new java.util.ArrayList<>();
        index.forEach(positions::add);
        return positions;
    }
}
