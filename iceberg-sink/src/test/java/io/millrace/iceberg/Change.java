package io.millrace.iceberg;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jspecify.annotations.Nullable;

/** A change as tests make them: a table, a key's text, and the row or nothing. */
record Change(
        TableIdentifier table,
        String key,
        @Nullable Schema schema,
        @Nullable List<@Nullable Object> row) {

    /** The stream's key. */
    String streamKey() {
        return table + "/" + key;
    }

    /** Reads changes whose key text is the key values joined by commas. */
    static final class Reader implements ChangeReader<Change, String> {
        @Override
        public TableIdentifier table(Change change) {
            return change.table();
        }

        @Override
        public boolean isDelete(Change change) {
            return change.row() == null;
        }

        @Override
        public Schema schema(Change change) {
            return java.util.Objects.requireNonNull(change.schema());
        }

        @Override
        public @Nullable Object value(Change change, int column) {
            return java.util.Objects.requireNonNull(change.row()).get(column);
        }

        @Override
        public String keyOf(TableIdentifier table, Schema keySchema, StructLike keyValues) {
            int count = table.name().startsWith("composite") ? 2 : 1;
            return table + "/"
                    + java.util.stream.IntStream.range(0, count)
                            .mapToObj(i -> String.valueOf(keyValues.get(i, Object.class)))
                            .collect(Collectors.joining(","));
        }
    }
}
