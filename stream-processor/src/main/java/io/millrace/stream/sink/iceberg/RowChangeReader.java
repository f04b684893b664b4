package io.millrace.stream.sink.iceberg;

import io.millrace.iceberg.ChangeReader;
import io.millrace.schemas.event.KeyText;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowChange;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.event.RowSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Reads row changes for the Iceberg sink. */
public final class RowChangeReader implements ChangeReader<RowChange, RowKey> {
    private static final long serialVersionUID = 1L;

    /** A bound on memory; a pipeline has far fewer schemas at a time. */
    private static final int MOST_SCHEMAS = 4096;

    private final IcebergRoutes routes;
    private transient @Nullable Map<String, Opened> opened;

    /** Reads the changes of these tables, and of no other. */
    public RowChangeReader(List<IcebergRoute> routes) {
        this(new IcebergRoutes(routes));
    }

    /** Reads the changes of these tables, and of no other. */
    public RowChangeReader(IcebergRoutes routes) {
        this.routes = routes;
    }

    @Override
    public TableIdentifier table(RowChange change) {
        return opened(change).identifier;
    }

    @Override
    public boolean isDelete(RowChange change) {
        return change instanceof RowChange.Delete;
    }

    @Override
    public Schema schema(RowChange change) {
        return opened(change).schema(row(change).schema());
    }

    @Override
    public @Nullable Object value(RowChange change, int column) {
        Row row = row(change);
        return TableSchema.value(row.schema().columns().get(column).type(), row.value(column));
    }

    @Override
    public RowKey keyOf(TableIdentifier table, Schema keySchema, StructLike keyValues) {
        IcebergRoute route = routes.of(table);
        if (route == null) {
            throw new IllegalArgumentException("Cannot find the source table of: " + table);
        }
        return keyOf(route, keySchema, keyValues);
    }

    private static RowKey keyOf(IcebergRoute route, Schema keySchema, StructLike keyValues) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < route.keyColumns().size(); i++) {
            Types.NestedField column = keySchema.columns().get(i);
            Object value = Objects.requireNonNull(keyValues.get(i, Object.class), "key columns are required");
            texts.add(KeyText.of(TableSchema.columnType(column.type()), plain(value)));
        }
        return RowKey.of(route.sourceTable(), texts);
    }

    /** Some of Iceberg's readers give text that is not a string. */
    private static Object plain(Object value) {
        return value instanceof CharSequence text ? text.toString() : value;
    }

    private static Row row(RowChange change) {
        return ((RowChange.Upsert) change).row();
    }

    private Opened opened(RowChange change) {
        Map<String, Opened> tables = opened;
        if (tables == null) {
            tables = new HashMap<>();
            opened = tables;
        }
        String table = change.key().table();
        Opened found = tables.get(table);
        if (found == null) {
            IcebergRoute route = routes.find(table);
            if (route == null) {
                throw new IllegalArgumentException("Cannot find the Iceberg table of: " + table);
            }
            found = new Opened(route);
            tables.put(table, found);
        }
        return found;
    }

    /** A table in use: its schemas by the identity of the rows' schemas, which equal ones share. */
    private static final class Opened {
        private final IcebergRoute route;
        private final TableIdentifier identifier;
        private final Map<RowSchema, Schema> schemas = new IdentityHashMap<>();

        Opened(IcebergRoute route) {
            this.route = route;
            this.identifier = route.identifier();
        }

        Schema schema(RowSchema rowSchema) {
            Schema schema = schemas.get(rowSchema);
            if (schema == null) {
                schema = TableSchema.of(rowSchema, route.keyColumns(rowSchema));
                if (schemas.size() == MOST_SCHEMAS) {
                    schemas.clear();
                }
                schemas.put(rowSchema, schema);
            }
            return schema;
        }
    }
}
