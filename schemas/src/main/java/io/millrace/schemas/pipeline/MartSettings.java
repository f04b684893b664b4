package io.millrace.schemas.pipeline;

import static io.millrace.schemas.pipeline.Setting.optional;
import static io.millrace.schemas.pipeline.Setting.required;
import static io.millrace.schemas.pipeline.SettingTypes.choice;
import static io.millrace.schemas.pipeline.SettingTypes.integer;

import io.millrace.schemas.pipeline.Mart.SkewedJoin;
import io.millrace.schemas.pipeline.SettingType.Group;
import io.millrace.schemas.pipeline.SettingType.Groups;
import io.millrace.schemas.pipeline.SettingType.Properties;
import io.millrace.schemas.pipeline.SettingType.Values;
import java.util.List;

/** The table of a mart file's settings: what a file is checked against, and what its documentation is generated from. */
final class MartSettings {
    private MartSettings() {}

    private static final Group JOIN = group(
            required("left", SettingTypes.VIEW, "The view with many rows, of which a few keys may have very many."),
            required("right", SettingTypes.VIEW, "The view that is joined."),
            required("on", new Values(SettingTypes.COLUMN), "The columns of both that must be equal."),
            optional(
                    "kind",
                    choice(SkewedJoin.Kind.class),
                    "inner",
                    "Which rows of the left side are in the result: those with a partner, all, or those without."));

    private static final Group STEP = group(
            required("view", SettingTypes.VIEW, "Names the result for later steps and checks."),
            optional(
                    "sql",
                    SettingTypes.TEXT,
                    "A query in Spark SQL over inputs and earlier views; `:day` is the day, `:day_start` and `:day_end` are"
                            + " its bounds. Either this or `join`."),
            optional(
                    "join",
                    JOIN,
                    "A join of two views; keys with very many rows are found by a sample and spread over several tasks."));

    private static final Group CHECK = group(
            required("name", SettingTypes.TEXT, "Names the check in messages."),
            required(
                    "violations",
                    SettingTypes.TEXT,
                    "A query of the rows that break it; `mart` is the day's rows as they would be published."),
            optional("because", SettingTypes.TEXT, "What to look at if it fails."));

    private static final Group MART = group(
            required("table", SettingTypes.ICEBERG_TABLE, "The mart's table; it is created if it does not exist."),
            optional("day-column", SettingTypes.COLUMN, "day", "The column that holds the day; the table's partition."),
            optional("time-zone", SettingTypes.TIME_ZONE, "UTC", "Where a day begins and ends."),
            required("key", new Values(SettingTypes.COLUMN), "The columns that identify a row of a day."),
            optional("files-per-day", integer(1, 10_000), "1", "How many files the rows of a day are written to."),
            required(
                    "inputs",
                    new Properties("names and tables", SettingTypes.ICEBERG_TABLE),
                    "The Iceberg tables that are read, by the names they have in the steps."),
            required("steps", new Groups(STEP), "How the mart is computed; the last step's view is the mart."),
            optional("checks", new Groups(CHECK), "What must hold before a day is published."));

    static final Group FILE =
            group(required("marts", new Groups(MART), "The tables that are computed, in the order of their runs."));

    private static Group group(Setting... settings) {
        return new Group(List.of(settings));
    }
}
