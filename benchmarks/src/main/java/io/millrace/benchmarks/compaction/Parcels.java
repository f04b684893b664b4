package io.millrace.benchmarks.compaction;

import io.millrace.iceberg.ChangeReader;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.types.RowKind;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** The benchmark's table. */
final class Parcels {
    static final TableIdentifier TABLE = TableIdentifier.of("bench", "parcels");
    static final Schema SCHEMA = new Schema(
            Types.NestedField.required(1, "id", Types.LongType.get()),
            Types.NestedField.required(2, "day", Types.IntegerType.get()),
            Types.NestedField.required(3, "version", Types.LongType.get()),
            Types.NestedField.required(4, "payload", Types.BinaryType.get()));

    private Parcels() {}

    /** A change as Iceberg's own sink takes it. */
    static RowData row(ParcelHistory history, long change) {
        long id = history.id(change);
        long version = ParcelHistory.version(change);
        return GenericRowData.ofKind(
                history.isDelete(change) ? RowKind.DELETE : RowKind.UPDATE_AFTER,
                id,
                history.day(id),
                version,
                history.payload(id, version).array());
    }

    /** How the sink reads a change, which is its number. */
    record Reader(ParcelHistory history) implements ChangeReader<Long, Long> {
        private static final long serialVersionUID = 1L;

        @Override
        public TableIdentifier table(Long change) {
            return TABLE;
        }

        @Override
        public boolean isDelete(Long change) {
            return history.isDelete(change);
        }

        @Override
        public Schema schema(Long change) {
            return SCHEMA;
        }

        @Override
        public @Nullable Object value(Long change, int column) {
            long id = history.id(change);
            return switch (column) {
                case 0 -> id;
                case 1 -> history.day(id);
                case 2 -> ParcelHistory.version(change);
                default -> history.payload(id, ParcelHistory.version(change));
            };
        }

        @Override
        public Long keyOf(TableIdentifier table, Schema keySchema, StructLike keyValues) {
            return keyValues.get(0, Long.class);
        }
    }
}
