package io.millrace.batch.mart;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.millrace.batch.mart.asof.DaySnapshots;
import io.millrace.batch.mart.compute.MartViews;
import io.millrace.batch.mart.publish.DayBranch;
import io.millrace.batch.mart.publish.MartTable;
import io.millrace.schemas.pipeline.Mart;
import io.millrace.schemas.pipeline.Mart.Check;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.util.PropertyUtil;
import org.apache.iceberg.util.SnapshotUtil;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * The route of one day of one mart: pin the inputs, compute, write to a branch, check, publish.
 *
 * <p>A run may be killed at any moment and repeated at any time: it reads the snapshots that its first run has pinned, and
 * replaces the day as a whole in one commit. Rows are put in files by the hash of the key and sorted by it, so the same
 * inputs give the same data files, byte for byte, as long as the steps themselves do not depend on an order of rows.
 */
final class MartRun {
    private static final int MOST_VIOLATIONS = 1_000_000;

    private final Lake lake;
    private final DaySnapshots snapshots;
    private final Clock clock;

    MartRun(Lake lake, DaySnapshots snapshots, Clock clock) {
        this.lake = lake;
        this.snapshots = snapshots;
        this.clock = clock;
    }

    /**
     * What became of a day.
     *
     * @param mart the mart's table
     * @param rows how many rows the day has
     * @param took how long it took
     * @param repeated whether it had been published before from the same inputs, and so was left as it is
     */
    record Published(String mart, LocalDate day, long rows, Duration took, boolean repeated) {}

    /**
     * Computes and publishes a day.
     *
     * @param anew whether to compute it also if it was published before from the same inputs by the same definition
     * @throws MartFailure if it cannot be computed, or a check fails; the published table is untouched then
     */
    Published run(Mart mart, LocalDate day, boolean anew) {
        Instant start = clock.instant();
        Map<String, OptionalLong> inputs = pin(mart, day);
        Map<String, String> facts = Map.of(
                "day", day.toString(),
                "definition", Definition.fingerprint(mart),
                "inputs",
                        inputs.entrySet().stream()
                                .map(input -> input.getKey() + "="
                                        + (input.getValue().isPresent()
                                                ? input.getValue().getAsLong()
                                                : "none"))
                                .collect(Collectors.joining(",")),
                "started", start.toString());
        Snapshot before = anew ? null : published(mart, day, facts);
        if (before != null) {
            return new Published(mart.table(), day, addedRows(before), since(start), true);
        }
        SparkSession session = lake.open(mart.timeZone());
        MartViews views = new MartViews(session, lake.name(), mart, day);
        mart.inputs().forEach((view, name) -> views.input(view, name, inputs.getOrDefault(view, OptionalLong.empty())));
        views.steps(mart.steps());
        Dataset<Row> rows = dayRows(mart, day, views);
        Table table = MartTable.open(lake.catalog(), mart, rows.schema());
        DayBranch branch = DayBranch.begin(table, mart.dayColumn(), day);
        try {
            write(rows, mart, day, branch, facts);
            check(mart, day, views, session, branch);
        } catch (RuntimeException e) {
            throw branch.abandon(e);
        }
        return new Published(mart.table(), day, addedRows(branch.publish()), since(start), false);
    }

    private Map<String, OptionalLong> pin(Mart mart, LocalDate day) {
        Map<String, OptionalLong> inputs = new LinkedHashMap<>();
        mart.inputs().forEach((view, name) -> {
            TableIdentifier table = TableIdentifier.parse(name);
            if (!lake.catalog().tableExists(table)) {
                throw new MartFailure("Cannot find table " + name + ", the input " + view + " of " + mart.table()
                        + ". Name one that exists");
            }
            inputs.put(view, snapshots.of(lake.catalog().loadTable(table), day, mart.timeZone()));
        });
        return inputs;
    }

    /** The snapshot by which the day was published from the same inputs, if no later one touched the day. */
    private @Nullable Snapshot published(Mart mart, LocalDate day, Map<String, String> facts) {
        TableIdentifier name = TableIdentifier.parse(mart.table());
        if (lake.catalog().tableExists(name)) {
            for (Snapshot snapshot :
                    SnapshotUtil.currentAncestors(lake.catalog().loadTable(name))) {
                if (DayBranch.fact(snapshot, "day").equals(day.toString())) {
                    boolean same = Stream.of("definition", "inputs")
                            .allMatch(fact -> DayBranch.fact(snapshot, fact).equals(facts.get(fact)));
                    return same ? snapshot : null;
                }
            }
        }
        return null;
    }

    /** The last step's rows with their day, in the order in which they are written. */
    private Dataset<Row> dayRows(Mart mart, LocalDate day, MartViews views) {
        Dataset<Row> result =
                views.view(mart.steps().get(mart.steps().size() - 1).view());
        List<String> columns = Arrays.asList(result.columns());
        List<String> missing = mart.key().stream()
                .filter(key -> !columns.contains(key) && !key.equals(mart.dayColumn()))
                .toList();
        if (!missing.isEmpty()) {
            throw new MartFailure("Cannot find key columns " + missing + " of " + mart.table()
                    + " in its last step. Select them there");
        }
        List<Column> selected = new ArrayList<>();
        selected.add(lit(day).as(mart.dayColumn()));
        columns.stream()
                .filter(column -> !column.equals(mart.dayColumn()))
                .forEach(column -> selected.add(col(column)));
        Column[] key =
                mart.key().stream().map(org.apache.spark.sql.functions::col).toArray(Column[]::new);
        return result.select(selected.toArray(Column[]::new))
                .repartition(mart.filesPerDay(), key)
                .sortWithinPartitions(key);
    }

    private void write(Dataset<Row> rows, Mart mart, LocalDate day, DayBranch branch, Map<String, String> facts) {
        try {
            rows.writeTo(lake.name() + "." + mart.table() + ".branch_" + branch.name())
                    .options(DayBranch.summaryOptions(facts))
                    .overwrite(col(mart.dayColumn()).equalTo(lit(day)));
        } catch (Exception e) {
            // Scala's methods do not declare what they throw.
            if (e instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new MartFailure("Cannot write " + day + " of " + mart.table() + ": " + e.getMessage(), e);
        }
    }

    private void check(Mart mart, LocalDate day, MartViews views, SparkSession session, DayBranch branch) {
        session.read()
                .option("branch", branch.name())
                .table(lake.name() + "." + mart.table())
                .where(col(mart.dayColumn()).equalTo(lit(day)))
                .createOrReplaceTempView("mart");
        List<String> failed = new ArrayList<>();
        Stream.concat(Definition.keyChecks(mart).stream(), mart.checks().stream())
                .forEach(check -> {
                    long violations = views.query("check \"" + check.name() + "\"", check.violations())
                            .limit(MOST_VIOLATIONS)
                            .count();
                    if (violations > 0) {
                        failed.add(text(check, violations));
                    }
                });
        if (!failed.isEmpty()) {
            throw new MartFailure("Cannot publish " + day + " of " + mart.table()
                    + ", the published table is as it was: " + String.join("; ", failed));
        }
    }

    private static String text(Check check, long violations) {
        return "check \"" + check.name() + "\" found " + violations
                + (violations == MOST_VIOLATIONS ? " or more" : "")
                + (violations == 1 ? " violation" : " violations")
                + (check.because() == null ? "" : " (" + check.because() + ")");
    }

    private static long addedRows(Snapshot snapshot) {
        return PropertyUtil.propertyAsLong(snapshot.summary(), SnapshotSummary.ADDED_RECORDS_PROP, 0);
    }

    private Duration since(Instant start) {
        return Duration.between(start, clock.instant());
    }
}
