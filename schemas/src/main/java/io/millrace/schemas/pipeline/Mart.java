package io.millrace.schemas.pipeline;

import java.io.Serializable;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A table that is computed from others, a day at a time.
 *
 * @param table its Iceberg table, {@code namespace.table}
 * @param dayColumn the column of type date that it is partitioned by; every row of a run has the run's day there
 * @param timeZone the time zone whose midnight ends a day
 * @param key the columns that identify a row; never null and never twice within a day
 * @param filesPerDay how many files a day's rows are written to, by the hash of the key
 * @param inputs the Iceberg tables it reads, by the names they have in the steps
 * @param steps how it is computed, in order; each makes a view that later ones may read, and the last one is the mart
 * @param checks what must hold before a day is published
 */
public record Mart(
        String table,
        String dayColumn,
        ZoneId timeZone,
        List<String> key,
        int filesPerDay,
        Map<String, String> inputs,
        List<Step> steps,
        List<Check> checks)
        implements Serializable {

    /** One view on the way to the mart. */
    public sealed interface Step extends Serializable {
        /** The view's name. */
        String view();
    }

    /**
     * A query in Spark SQL. It may use {@code :day} (a date), {@code :day_start} and {@code :day_end} (timestamps with time
     * zone; the end is the next day's start).
     *
     * @param sql the query
     */
    public record Query(String view, String sql) implements Step {}

    /**
     * An equi-join whose left side may have a few keys with very many rows. These are found by a sample, and their work is
     * spread over several tasks.
     *
     * @param left the view with many rows
     * @param right the view that is joined; its columns in {@code on} are not repeated in the result
     * @param on the columns of both
     * @param kind which rows of the left side are kept
     */
    public record SkewedJoin(String view, String left, String right, List<String> on, Kind kind) implements Step {
        /** Which rows of the left side are in the result. */
        public enum Kind {
            /** Those with a partner. */
            INNER,
            /** All. */
            LEFT,
            /** Those without a partner, and none of the right side's columns. */
            ANTI
        }
    }

    /**
     * What must hold before a day is published.
     *
     * @param name its name in messages
     * @param violations a query of rows that break it; it may read the inputs, all views, and {@code mart}, the day's rows as
     *     they would be published
     * @param because what to look at if there are any; null for no advice
     */
    public record Check(
            String name, String violations, @Nullable String because) implements Serializable {}
}
