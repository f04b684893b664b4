package io.millrace.schemas.event;

import java.io.Serializable;

/**
 * Names a source table across the whole platform.
 *
 * @param source the pipeline file's name of the source
 * @param schema the database schema (PostgreSQL) or the database (MariaDB) that holds the table
 * @param name the table's own name
 */
public record TableId(String source, String schema, String name) implements Serializable {

    /** The table as its database names it, such as {@code public.shipments}. */
    public String qualifiedName() {
        return schema + "." + name;
    }

    @Override
    public String toString() {
        return source + "." + schema + "." + name;
    }
}
