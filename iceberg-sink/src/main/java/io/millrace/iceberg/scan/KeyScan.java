package io.millrace.iceberg.scan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.DeleteLoader;
import org.apache.iceberg.data.GenericDeleteFilter;
import org.apache.iceberg.data.IdentityPartitionConverters;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.formats.FormatModelRegistry;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.PartitionUtil;

/**
 * Reads the key columns of the live rows of data files, with the rows' positions. Applies every kind of delete that the
 * files have, also the equality deletes of a table that another sink wrote before.
 */
public final class KeyScan<K> {
    private final Table table;
    private final KeyOf<K> keyOf;
    private final Schema projection;
    private final int keyCount;
    private final SharedDeletes sharedDeletes;

    /**
     * Prepares for a table.
     *
     * @throws IllegalArgumentException if the table lacks a key column
     */
    public KeyScan(Table table, List<String> keyColumns, KeyOf<K> keyOf) {
        this.table = table;
        this.keyOf = keyOf;
        this.keyCount = keyColumns.size();
        this.sharedDeletes = new SharedDeletes(table);
        List<Types.NestedField> columns = new ArrayList<>();
        for (String column : keyColumns) {
            Types.NestedField field = table.schema().findField(column);
            if (field == null) {
                throw new IllegalArgumentException("Cannot find key column " + column + " in table " + table.name()
                        + ": name columns that the table has.");
            }
            columns.add(field);
        }
        columns.add(MetadataColumns.ROW_POSITION);
        this.projection = new Schema(columns);
    }

    /** Makes the stream's key of a row's key values. */
    @FunctionalInterface
    public interface KeyOf<K> {
        K apply(Schema keySchema, StructLike keyValues);
    }

    /** Takes a live row. */
    @FunctionalInterface
    public interface RowConsumer<K> {
        void accept(K key, long position);
    }

    /** Reads the live rows of one file. */
    public void read(FileScanTask task, RowConsumer<K> consumer) {
        GenericDeleteFilter deletes = new GenericDeleteFilter(table.io(), task, table.schema(), projection) {
            @Override
            protected DeleteLoader newDeleteLoader() {
                return sharedDeletes;
            }
        };
        Schema required = deletes.requiredSchema();
        Map<Integer, ?> constants = PartitionUtil.constantsMap(task, IdentityPartitionConverters::convertConstant);
        InternalRecordWrapper internal = new InternalRecordWrapper(required.asStruct());
        try (CloseableIterable<Record> records = deletes.filter(FormatModelRegistry.<Record, Object>readBuilder(
                        task.file().format(), Record.class, table.io().newInputFile(task.file()))
                .project(required)
                .idToConstant(constants)
                .build())) {
            for (Record record : records) {
                consumer.accept(keyOf.apply(required, internal.wrap(record)), (Long) record.get(keyCount));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot read the keys of " + task.file().location(), e);
        }
    }
}
