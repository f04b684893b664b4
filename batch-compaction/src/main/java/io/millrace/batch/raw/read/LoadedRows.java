package io.millrace.batch.raw.read;

import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The columns that stand behind the table's own in the rows that are read from files. */
public final class LoadedRows {
    /** I, U or D. */
    public static final String OPERATION = "millrace_op";

    /** When the source committed the change; null if the files do not say it. */
    public static final String CHANGED_AT = "millrace_changed_at";

    /** The file's path below the landing folder. */
    public static final String FILE = "millrace_file";

    /** The line in the file, from 1. */
    public static final String LINE = "millrace_line";

    /** Where the change stands among those of its key, as a text that compares so. */
    public static final String VERSION = "millrace_version";

    /** Why a line is a dead letter; null if it is a row. */
    public static final String CODE = "millrace_code";

    /** The same in a sentence. */
    public static final String REASON = "millrace_reason";

    /** The line itself, sealed; null if it is a row. */
    public static final String RAW = "millrace_raw";

    /** The name of a dead letter; null if it is a row. */
    public static final String LETTER = "millrace_letter";

    /** When the file was written, for dead letters; null if it is a row. */
    public static final String SEEN = "millrace_seen";

    private LoadedRows() {}

    /** The schema of what is read, behind these columns of the table. */
    static StructType schema(List<StructField> columns) {
        StructType schema = new StructType(columns.toArray(StructField[]::new));
        return schema.add(OPERATION, DataTypes.StringType)
                .add(CHANGED_AT, DataTypes.TimestampType)
                .add(FILE, DataTypes.StringType)
                .add(new StructField(LINE, DataTypes.LongType, false, Metadata.empty()))
                .add(VERSION, DataTypes.StringType)
                .add(CODE, DataTypes.StringType)
                .add(REASON, DataTypes.StringType)
                .add(RAW, DataTypes.BinaryType)
                .add(LETTER, DataTypes.StringType)
                .add(SEEN, DataTypes.TimestampType);
    }
}
