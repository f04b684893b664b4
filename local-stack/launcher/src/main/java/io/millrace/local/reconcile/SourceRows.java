package io.millrace.local.reconcile;

import io.millrace.schemas.pipeline.Database;
import io.millrace.schemas.pipeline.TableRoute;
import java.util.List;
import java.util.Map;

/** The source's side of a comparison: what its targets must hold. */
interface SourceRows extends RowsOfTable {

    /** The table's columns, as the targets have them. */
    ComparedTable table();

    /** The rows of a table in a database of either product. */
    static SourceRows open(Database database, TableRoute route, ColumnMasks masks) {
        return switch (database.kind()) {
            case POSTGRESQL -> SourceTable.open(database, route, masks);
            case MARIADB -> MariadbTable.open(database, route, masks);
        };
    }

    /** The tables of a database schema that have a primary key, each with its columns in the order of the table's. */
    static Map<String, List<String>> primaryKeys(Database database, String schema) {
        return switch (database.kind()) {
            case POSTGRESQL -> SourceRoutes.keys(database, schema);
            case MARIADB -> MariadbTable.primaryKeys(database, schema);
        };
    }
}
