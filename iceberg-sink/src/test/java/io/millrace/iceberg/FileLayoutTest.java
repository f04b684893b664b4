package io.millrace.iceberg;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalInputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is really in the data files. */
class FileLayoutTest {
    private static final TableIdentifier WIDE = TableIdentifier.of("lab", "wide");
    private static final int COLUMNS = 130;
    private static final String KEY = "c129";

    @TempDir
    Path directory;

    private final String name = UUID.randomUUID().toString();
    private final SharedCatalog catalog = SharedCatalog.named(name);

    private static Schema wideSchema() {
        List<Types.NestedField> columns = new ArrayList<>();
        for (int i = 0; i < COLUMNS - 1; i++) {
            columns.add(Types.NestedField.optional(i + 1, "c" + i, Types.IntegerType.get()));
        }
        columns.add(Types.NestedField.required(COLUMNS, KEY, Types.LongType.get()));
        return new Schema(columns);
    }

    private void write(UpsertTable table, int rows, long bufferBytes) throws Exception {
        Schema schema = wideSchema();
        Random random = new Random(5);
        try (SinkHarness sink = new SinkHarness(SharedCatalog.loader(name), List.of(table), 1, null, bufferBytes)) {
            for (int i = 0; i < rows; i++) {
                Object[] row = new Object[COLUMNS];
                row[COLUMNS - 1] = random.nextLong();
                sink.process(new Change(WIDE, row[COLUMNS - 1].toString(), schema, java.util.Arrays.asList(row)));
            }
            sink.commit();
        }
    }

    private static UpsertTable table() {
        return new UpsertTable(WIDE, List.of(KEY), List.of(), 2, Map.of());
    }

    private List<DataFile> files() throws IOException {
        Table table = catalog.direct().loadTable(WIDE);
        List<DataFile> files = new ArrayList<>();
        try (CloseableIterable<FileScanTask> tasks =
                table.newScan().includeColumnStats().planFiles()) {
            tasks.forEach(task -> files.add(task.file()));
        }
        return files;
    }

    private List<ColumnChunkMetaData> keyChunks() throws IOException {
        Table table = catalog.direct().loadTable(WIDE);
        List<ColumnChunkMetaData> chunks = new ArrayList<>();
        for (DataFile file : files()) {
            Path copy = directory.resolve(UUID.randomUUID() + ".parquet");
            try (InputStream in = table.io().newInputFile(file.location()).newStream()) {
                Files.copy(in, copy);
            }
            try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(copy))) {
                reader.getFooter()
                        .getBlocks()
                        .forEach(block -> block.getColumns().stream()
                                .filter(column -> column.getPath().toDotString().equals(KEY))
                                .forEach(chunks::add));
            }
        }
        return chunks;
    }

    @Test
    void keyColumnsHaveBoundsEvenBeyondTheHundredthColumn() throws Exception {
        write(table(), 100, 64L << 20);

        int key = catalog.direct().loadTable(WIDE).schema().findField(KEY).fieldId();
        assertThat(files()).hasSize(1).allSatisfy(file -> {
            assertThat(file.lowerBounds()).containsKey(key);
            assertThat(file.upperBounds()).containsKey(key);
            assertThat(file.valueCounts()).containsEntry(key, 100L);
        });
    }

    @Test
    void keyColumnsHaveBoundsInATableThatSomebodyElseHasMade() throws Exception {
        catalog.createNamespace(Namespace.of("lab"), Map.of());
        catalog.direct().createTable(WIDE, wideSchema(), PartitionSpec.unpartitioned(), Map.of("format-version", "2"));
        write(table(), 100, 64L << 20);

        int key = catalog.direct().loadTable(WIDE).schema().findField(KEY).fieldId();
        assertThat(files())
                .hasSize(1)
                .allSatisfy(file -> assertThat(file.lowerBounds()).containsKey(key));
    }

    @Test
    void filesAreCompressedWithZstdAndHaveNoBloomFilterUnlessAskedFor() throws Exception {
        write(table(), 100, 64L << 20);

        assertThat(keyChunks()).isNotEmpty().allSatisfy(chunk -> {
            assertThat(chunk.getCodec()).isEqualTo(CompressionCodecName.ZSTD);
            assertThat(chunk.getBloomFilterOffset()).isNegative();
        });
    }

    @Test
    void keysHaveABloomFilterIfAskedFor() throws Exception {
        write(table().withKeyBloomFilters(), 100, 64L << 20);

        assertThat(keyChunks())
                .isNotEmpty()
                .allSatisfy(chunk -> assertThat(chunk.getBloomFilterOffset()).isPositive());
    }

    @Test
    void rowsOfAFlushAreSortedByKey() throws Exception {
        write(table(), 1000, 64L << 20);

        List<Long> keys = new ArrayList<>();
        try (CloseableIterable<Record> records =
                IcebergGenerics.read(catalog.direct().loadTable(WIDE)).build()) {
            records.forEach(record -> keys.add((Long) record.getField(KEY)));
        }
        assertThat(keys).hasSize(1000).isSorted();
    }

    @Test
    void tableThatAsksForSmallerFilesGetsThem() throws Exception {
        UpsertTable small = new UpsertTable(
                WIDE,
                List.of(KEY),
                List.of(),
                2,
                Map.of("write.target-file-size-bytes", "20000", "write.parquet.row-group-size-bytes", "8000"));
        write(small, 5000, 64L << 20);

        assertThat(files()).hasSizeGreaterThan(1);
    }
}
