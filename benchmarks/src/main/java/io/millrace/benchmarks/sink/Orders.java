package io.millrace.benchmarks.sink;

import io.millrace.iceberg.ChangeReader;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.flink.FlinkSchemaUtil;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** The benchmark's table as both sinks see it: rows of Flink's own kind. */
final class Orders {
    static final Schema SCHEMA = new Schema(
            Types.NestedField.required(1, "id", Types.LongType.get()),
            Types.NestedField.required(2, "version", Types.LongType.get()),
            Types.NestedField.optional(3, "customer", Types.LongType.get()),
            Types.NestedField.optional(4, "status", Types.StringType.get()),
            Types.NestedField.optional(5, "amount", Types.LongType.get()),
            Types.NestedField.optional(6, "note", Types.StringType.get()),
            Types.NestedField.optional(7, "updated_at", Types.TimestampType.withZone()));

    private static final long FIRST_CHANGE_MILLIS = 1_700_000_000_000L;

    private Orders() {}

    static TypeInformation<RowData> type() {
        return InternalTypeInfo.of(FlinkSchemaUtil.convert(SCHEMA));
    }

    static RowData row(History history, long change) {
        return GenericRowData.of(
                history.id(change),
                change,
                History.customer(change),
                StringData.fromString(History.status(change)),
                History.amount(change),
                StringData.fromString(History.note(change)),
                TimestampData.fromEpochMillis(FIRST_CHANGE_MILLIS + change));
    }

    /** How the key-indexed sink reads these rows. */
    static final class Reader implements ChangeReader<RowData, Long> {
        private static final long serialVersionUID = 1L;

        private final String namespace;
        private final String name;
        private transient @Nullable TableIdentifier table;

        Reader(TableIdentifier table) {
            this.namespace = table.namespace().toString();
            this.name = table.name();
        }

        @Override
        public TableIdentifier table(RowData change) {
            TableIdentifier known = table;
            if (known == null) {
                known = TableIdentifier.of(namespace, name);
                table = known;
            }
            return known;
        }

        @Override
        public boolean isDelete(RowData change) {
            return false;
        }

        @Override
        public Schema schema(RowData change) {
            return SCHEMA;
        }

        @Override
        public @Nullable Object value(RowData change, int column) {
            return switch (column) {
                case 0, 1, 2, 4 -> change.getLong(column);
                case 3, 5 -> change.getString(column).toString();
                default ->
                    change.getTimestamp(column, 6).getMillisecond() * 1000
                            + change.getTimestamp(column, 6).getNanoOfMillisecond() / 1000;
            };
        }

        @Override
        public Long keyOf(TableIdentifier of, Schema keySchema, StructLike keyValues) {
            return keyValues.get(0, Long.class);
        }
    }
}
