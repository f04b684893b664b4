package io.millrace.capture.encode;

import io.millrace.schemas.event.TableId;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** What the {@code source} of an envelope says under other names from one product to another. */
public final class SourceFields {

    private SourceFields() {}

    /** The table of a change; null if it is a change of none. The schema of a product without schemas is the database. */
    public static @Nullable TableId table(String source, Struct fields) {
        String name = fields.getString("table");
        return name == null || name.isEmpty()
                ? null
                : new TableId(source, fields.getString(has(fields, "schema") ? "schema" : "db"), name);
    }

    /** Where the source says that it is, for people: an LSN, or a place in a binary log. */
    public static String position(Struct fields) {
        return has(fields, "lsn")
                ? String.valueOf(fields.getInt64("lsn"))
                : fields.getString("file") + ":" + fields.getInt64("pos") + ":" + fields.getInt32("row");
    }

    private static boolean has(Struct fields, String name) {
        return fields.schema().field(name) != null;
    }
}
