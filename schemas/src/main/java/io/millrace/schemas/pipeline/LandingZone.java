package io.millrace.schemas.pipeline;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A folder into which CSV files of one source table fall, and the Iceberg table that they are loaded into.
 *
 * @param name names it in dead letters and reports
 * @param location the folder; everything below it that is named {@code *.csv} or {@code *.csv.gz} belongs to it
 * @param sourceTable the source's name of the table, for dead letters; null if there is none
 * @param table the Iceberg table, {@code namespace.table}
 * @param mode what becomes of changes
 * @param key the columns that identify a row; empty only if {@code mode} is {@link Mode#APPEND}
 * @param partitionBy how the table is partitioned when it is made
 * @param format how the files are written
 * @param minAge how long a file must not have changed before it is read
 * @param columns the accepted columns, in the order of files without header; empty if nobody has written them down
 */
public record LandingZone(
        String name,
        String location,
        @Nullable String sourceTable,
        String table,
        Mode mode,
        List<String> key,
        List<String> partitionBy,
        Format format,
        Duration minAge,
        Map<String, DeclaredType> columns)
        implements Serializable {

    /** What becomes of changes. */
    public enum Mode {
        /** Every change is a row of the table: its history. */
        APPEND,
        /** The newest change of a key is the table's row, and a delete takes it away. */
        MERGE
    }

    /** Which files have a first column that says what happened to the row. */
    public enum OperationColumn {
        /** Files of changes; files of a full load have none ({@code IncludeOpForFullLoad} is off). */
        CHANGES,
        /** All ({@code IncludeOpForFullLoad}). */
        ALL,
        /** None: every line is an insert ({@code CdcInsertsOnly}) or an upsert ({@code CdcInsertsAndUpdates}). */
        NONE
    }

    /**
     * How the files are written.
     *
     * @param header whether their first line names the columns ({@code AddColumnName})
     * @param operationColumn which have a column of the operation; files with a header say it themselves
     * @param timestampColumn the column of the commit's time ({@code TimestampColumnName}); null without one. It is found by
     *     its name, or, without header, behind the operation
     * @param delimiter stands between values ({@code CsvDelimiter})
     * @param quote stands around values that have delimiters, quotes or line ends in them, and twice for one of itself ({@code
     *     Rfc4180}); null if values are never quoted
     * @param nullValue stands, without quotes, for null ({@code CsvNullValue}); in columns that are no texts nothing does, too
     */
    public record Format(
            boolean header,
            OperationColumn operationColumn,
            @Nullable String timestampColumn,
            char delimiter,
            @Nullable Character quote,
            String nullValue)
            implements Serializable {}
}
