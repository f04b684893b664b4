package io.millrace.iceberg.commit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FieldMetrics;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileMetadata;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.deletes.Deletes;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.encryption.EncryptedOutputFile;
import org.apache.iceberg.formats.FormatModelRegistry;
import org.apache.iceberg.io.DeleteSchemaUtil;
import org.apache.iceberg.io.FileAppender;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.parquet.ParquetValueWriter;
import org.apache.iceberg.parquet.TripleWriter;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;

/**
 * A position-delete file: pairs of data file and position, sorted.
 *
 * <p>Written with a Parquet writer of its own: a file's path is the same for thousands of positions, and Iceberg's writer
 * encodes and hashes it for each of them, which was most of what a commit took.
 */
final class PositionDeleteFile {
    /** Small, so that whoever looks for one data file's deletes reads only the row groups that have some. */
    private static final long ROW_GROUP_BYTES = 256L << 10;

    private PositionDeleteFile() {}

    /** Writes the positions, by path, of a partition's data files to a place where no file is yet. */
    static DeleteFile write(
            Table table,
            PartitionSpec spec,
            StructLike partition,
            String location,
            SortedMap<String, PositionDeleteIndex> positions) {
        EncryptedOutputFile output = table.encryption().encrypt(table.io().newOutputFile(location));
        try {
            FileAppender<Deleted> appender = Parquet.write(output)
                    .schema(DeleteSchemaUtil.pathPosSchema())
                    .setAll(table.properties())
                    .set(TableProperties.PARQUET_ROW_GROUP_SIZE_BYTES, Long.toString(ROW_GROUP_BYTES))
                    .meta("delete-type", "position")
                    .createWriterFunc(PairWriter::new)
                    .metricsConfig(MetricsConfig.forPositionDelete(table))
                    .overwrite()
                    .build();
            try (appender) {
                Deleted deleted = new Deleted();
                positions.forEach((path, index) -> {
                    deleted.path = Binary.fromConstantByteArray(path.getBytes(java.nio.charset.StandardCharsets.UTF_8));
                    index.forEach(position -> {
                        deleted.position = position;
                        appender.add(deleted);
                    });
                });
            }
            FileMetadata.Builder file = FileMetadata.deleteFileBuilder(spec)
                    .ofPositionDeletes()
                    .withFormat(FileFormat.PARQUET)
                    .withPath(output.encryptingOutputFile().location())
                    .withPartition(partition)
                    .withEncryptionKeyMetadata(output.keyMetadata())
                    .withFileSizeInBytes(appender.length())
                    .withSplitOffsets(appender.splitOffsets())
                    .withMetrics(appender.metrics());
            if (positions.size() == 1) {
                file.withReferencedDataFile(positions.firstKey());
            }
            return file.build();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write position deletes of " + table.name(), e);
        }
    }

    /** Reads a file's positions, by path. */
    static Map<String, PositionDeleteIndex> read(Table table, DeleteFile file) {
        Map<String, PositionDeleteIndex> positions = new java.util.HashMap<>();
        Deletes.toPositionIndexes(FormatModelRegistry.<Record, Object>readBuilder(
                                file.format(), Record.class, table.io().newInputFile(file))
                        .project(DeleteSchemaUtil.pathPosSchema())
                        .reuseContainers()
                        .build())
                .forEach((path, index) -> positions.put(path.toString(), index));
        return positions;
    }

    /** The pair being written. */
    private static final class Deleted {
        private Binary path = Binary.EMPTY;
        private long position;
    }

    // The store comes before the first row.
    @SuppressWarnings("NullAway.Init")
    private static final class PairWriter implements ParquetValueWriter<Deleted> {
        private final ColumnDescriptor pathColumn;
        private final ColumnDescriptor positionColumn;
        private ColumnWriter paths;
        private ColumnWriter positions;

        private PairWriter(MessageType type) {
            this.pathColumn = type.getColumnDescription(new String[] {MetadataColumns.DELETE_FILE_PATH.name()});
            this.positionColumn = type.getColumnDescription(new String[] {MetadataColumns.DELETE_FILE_POS.name()});
        }

        @Override
        public void write(int repetitionLevel, Deleted deleted) {
            paths.write(deleted.path, repetitionLevel, 0);
            positions.write(deleted.position, repetitionLevel, 0);
        }

        @Override
        public List<TripleWriter<?>> columns() {
            // What nested writers need; a flat row of required columns does not.
            return List.of();
        }

        @Override
        public void setColumnStore(ColumnWriteStore store) {
            paths = store.getColumnWriter(pathColumn);
            positions = store.getColumnWriter(positionColumn);
        }

        @Override
        public Stream<FieldMetrics<?>> metrics() {
            return Stream.empty();
        }
    }
}
