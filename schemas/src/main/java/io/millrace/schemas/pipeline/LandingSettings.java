package io.millrace.schemas.pipeline;

import static io.millrace.schemas.pipeline.Setting.optional;
import static io.millrace.schemas.pipeline.Setting.required;
import static io.millrace.schemas.pipeline.SettingTypes.choice;
import static io.millrace.schemas.pipeline.SettingTypes.duration;

import io.millrace.schemas.pipeline.LandingZone.Mode;
import io.millrace.schemas.pipeline.LandingZone.OperationColumn;
import io.millrace.schemas.pipeline.SettingType.Group;
import io.millrace.schemas.pipeline.SettingType.Groups;
import io.millrace.schemas.pipeline.SettingType.Properties;
import io.millrace.schemas.pipeline.SettingType.Values;
import java.time.Duration;
import java.util.List;

/** The table of a landing file's settings: what a file is checked against, and what its documentation is generated from. */
final class LandingSettings {
    private LandingSettings() {}

    private static final Group FORMAT = group(
            optional(
                    "header",
                    SettingTypes.FLAG,
                    "false",
                    "Whether the first line of each file names its columns; DMS's `AddColumnName`."),
            optional(
                    "operation-column",
                    choice(OperationColumn.class),
                    "changes",
                    "Which files begin their lines with I, U or D: those of changes, all (DMS's `IncludeOpForFullLoad`), or none"
                            + " (`CdcInsertsOnly` or `CdcInsertsAndUpdates` without it). Files with a header say it by a first"
                            + " column `Op`."),
            optional(
                    "timestamp-column",
                    SettingTypes.COLUMN,
                    "The column of the commit's time, DMS's `TimestampColumnName`; without a header it stands first, behind the"
                            + " operation."),
            optional("delimiter", SettingTypes.CHARACTER, ",", "Stands between values; DMS's `CsvDelimiter`."),
            optional(
                    "quote",
                    SettingTypes.CHARACTER,
                    "\"",
                    "Stands around values that have delimiters, quotes or line ends in them, and twice for one of itself, as DMS"
                            + " writes it unless `Rfc4180` is off; then give none."),
            optional(
                    "null-value",
                    SettingTypes.MARK,
                    "NULL",
                    "Stands for null where it is not quoted; DMS's `CsvNullValue`. In columns that are no texts, nothing at all"
                            + " is null, too."));

    private static final Group ZONE = group(
            required("name", SettingTypes.SOURCE_NAME, "Names the folder in dead letters and reports."),
            required(
                    "location",
                    SettingTypes.FOLDER,
                    "The folder of one source table; every `*.csv` and `*.csv.gz` below it is read, in folders of dates, too."),
            optional("source-table", SettingTypes.SOURCE_TABLE, "The source's name of the table, for dead letters."),
            required("table", SettingTypes.ICEBERG_TABLE, "The Iceberg table that the files are loaded into."),
            optional(
                    "mode",
                    choice(Mode.class),
                    "append",
                    "Whether every change becomes a row of its own, or the newest change of a key the row of that key."),
            optional(
                    "key",
                    new Values(SettingTypes.COLUMN),
                    "The columns that identify a row, by which files are sorted; required if `mode` is merge."),
            optional(
                    "partition-by",
                    new Values(SettingTypes.PARTITION_FIELD),
                    "How the table is partitioned when it is made; if `mode` is merge, best by columns that never change."),
            optional("format", FORMAT, "How the files are written."),
            optional(
                    "min-age",
                    duration(Duration.ZERO, Duration.ofDays(7)),
                    "1m",
                    "How long a file must not have changed before it is read; younger ones are left to the next run."),
            optional(
                    "columns",
                    new Properties("columns and types", SettingTypes.COLUMN_TYPE),
                    "The accepted columns, in the order of files without header. They are added to the table without `--approve`;"
                            + " columns of the files that are neither here nor in the table are proposed."));

    static final Group FILE =
            group(required("landing", new Groups(ZONE), "The folders that are loaded, one after another."));

    private static Group group(Setting... settings) {
        return new Group(List.of(settings));
    }
}
