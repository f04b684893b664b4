package io.millrace.batch.compact;

import io.millrace.batch.Located;
import io.millrace.batch.SparkMain;
import io.millrace.batch.WrongUsage;
import io.millrace.batch.compact.policy.Budget;
import io.millrace.batch.compact.policy.CompactionPolicy;
import io.millrace.batch.compact.policy.FileGroup;
import io.millrace.batch.compact.rewrite.TableFiles;
import io.millrace.batch.compact.upkeep.Upkeep;
import io.millrace.batch.report.Quantities;
import io.millrace.schemas.pipeline.Connections;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.schemas.pipeline.PipelineFile;
import io.millrace.schemas.pipeline.PipelineProblems;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableUtil;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/**
 * Compacts the Iceberg tables of a pipeline: {@code spark-submit --class io.millrace.batch.compact.CompactJob
 * millrace-batch-compaction-job.jar --pipeline FILE [--connections FILE] [--table T]…}.
 *
 * <p>Exit codes: 0 all went well, groups that gave way to other writers included; 2 wrong usage or configuration; 1 anything
 * else. Standard output has the plan and the result, and nothing else; progress goes to standard error.
 */
public final class CompactJob {
    private static final Logger LOG = LoggerFactory.getLogger(CompactJob.class);

    private static final Duration BETWEEN_ORPHANS = Duration.ofDays(1);

    private final CompactOptions options;
    private final Pipeline pipeline;
    private final PrintWriter out;
    private final PrintWriter err;
    private Instant orphansDeleted = Instant.MIN;

    private CompactJob(CompactOptions options, Pipeline pipeline, PrintWriter out, PrintWriter err) {
        this.options = options;
        this.pipeline = pipeline;
        this.out = out;
        this.err = err;
    }

    public static void main(String[] args) throws InterruptedException {
        SparkMain.run("millrace compact", (out, err, session) -> run(args, out, err, session));
    }

    /** Runs the job; the session is asked for once the arguments and files are known to be right. */
    static int run(String[] args, PrintWriter out, PrintWriter err, Supplier<SparkSession> session)
            throws InterruptedException {
        CompactOptions options = new CompactOptions();
        CommandLine line = new CommandLine(options)
                .registerConverter(long.class, Quantities::bytes)
                .registerConverter(Duration.class, Quantities::time);
        try {
            line.parseArgs(args);
            if (line.isUsageHelpRequested()) {
                line.usage(out);
                return 0;
            }
            check(options);
            Pipeline pipeline = PipelineFile.read(
                    Located.fetch(options.pipeline),
                    options.connections == null ? null : Located.fetch(options.connections));
            CompactJob job = new CompactJob(options, pipeline, out, err);
            Duration interval = options.watch;
            return interval == null ? job.once(session.get()) : job.watch(session.get(), interval);
        } catch (CommandLine.ParameterException e) {
            err.println("Cannot read the command line: " + e.getMessage());
            return 2;
        } catch (PipelineProblems | WrongUsage e) {
            err.println(e.getMessage());
            return 2;
        } catch (IOException | RuntimeException e) {
            return explain(e, err);
        }
    }

    private static int explain(Exception e, PrintWriter err) {
        LOG.error("Cannot compact", e);
        String message = String.valueOf(e.getMessage());
        err.println(message.startsWith("Cannot") ? message : "Cannot compact: " + message);
        return 1;
    }

    private static void check(CompactOptions options) {
        if (options.orphansOlderThan.compareTo(Duration.ofDays(1)) < 0) {
            throw new WrongUsage("Cannot delete orphans younger than a day: a writer may be about to commit them. Give"
                    + " --orphans-older-than at least 1d.");
        }
        if (options.targetFileSize <= 0
                || options.maxBytes <= 0
                || options.parallel < 1
                || options.attempts < 1
                || options.metadataVersions < 1
                || options.retainLast < 1) {
            throw new WrongUsage("Cannot compact with --target-file-size, --max-bytes, --parallel, --attempts,"
                    + " --metadata-versions or --retain-last of 0: give at least 1.");
        }
        if (!(options.hotDeleteRatio >= 0 && options.hotDeleteRatio <= 1)) {
            throw new WrongUsage("Cannot compact with --hot-delete-ratio " + options.hotDeleteRatio
                    + ": give a share between 0 and 1.");
        }
        if (options.watch != null && options.watch.isZero()) {
            throw new WrongUsage("Cannot run again every 0s: give --watch a time such as 5m.");
        }
    }

    /** Runs for ever; what is wrong with the servers at one time may be right at the next. */
    private int watch(SparkSession spark, Duration interval) throws InterruptedException {
        while (true) {
            Instant next = Instant.now().plus(interval);
            try {
                once(spark);
            } catch (WrongUsage e) {
                throw e;
            } catch (IOException | RuntimeException e) {
                explain(e, err);
            }
            Duration pause = Duration.between(Instant.now(), next);
            if (!pause.isNegative() && !pause.isZero()) {
                err.println("Next run at " + next.truncatedTo(ChronoUnit.SECONDS) + ".");
                Thread.sleep(pause.toMillis());
            }
        }
    }

    private int once(SparkSession spark) throws InterruptedException, IOException {
        Connections.Iceberg iceberg = pipeline.connections().iceberg();
        Catalog catalog = CatalogUtil.buildIcebergCatalog(
                iceberg.catalog(), iceberg.properties(), spark.sparkContext().hadoopConfiguration());
        try {
            return compact(spark, catalog, AskedTables.find(pipeline, options.tables, catalog), Instant.now());
        } finally {
            if (catalog instanceof Closeable closeable) {
                closeable.close();
            }
        }
    }

    private int compact(SparkSession spark, Catalog catalog, Map<TableIdentifier, List<String>> tables, Instant now)
            throws InterruptedException {
        CompactionPolicy policy = options.policy();
        Report report = new Report(options, out, err);
        Map<TableIdentifier, Long> shares =
                shares(catalog, tables.keySet().stream().toList(), policy, now);
        Upkeep upkeep = upkeep(now);
        boolean failed = false;
        for (Map.Entry<TableIdentifier, List<String>> entry : tables.entrySet()) {
            // Two views: the plan's must stay as it is while the other is refreshed and committed to.
            Table planned = load(catalog, entry.getKey());
            // Not the run's beginning, which may be hours ago: all that was touched since would count as hot.
            TablePlan plan = TablePlan.of(planned, policy, Instant.now(), shares.getOrDefault(entry.getKey(), 0L));
            report.planned(plan);
            if (!options.dryRun) {
                TableResult result = new TableCompaction(spark, plan, catalog.loadTable(entry.getKey()))
                        .run(AskedTables.keyColumns(planned, entry.getValue()), options, upkeep, report::ended);
                report.done(result);
                failed |= result.failed();
            }
        }
        report.close();
        return failed ? 1 : 0;
    }

    /** Each table's part of the budget. Tables are planned once more when it is their turn, as that may be hours later. */
    private static Map<TableIdentifier, Long> shares(
            Catalog catalog, List<TableIdentifier> tables, CompactionPolicy policy, Instant now) {
        if (tables.size() == 1) {
            return Map.of(tables.get(0), policy.budgetBytes());
        }
        Map<TableIdentifier, List<FileGroup>> wishes = new LinkedHashMap<>();
        for (TableIdentifier name : tables) {
            wishes.put(
                    name,
                    policy.plan(TableFiles.ofNewest(load(catalog, name)).partitions(), now, Long.MAX_VALUE)
                            .groups());
        }
        return Budget.divide(policy.budgetBytes(), wishes);
    }

    private static Table load(Catalog catalog, TableIdentifier name) {
        Table table = catalog.loadTable(name);
        if (TableUtil.formatVersion(table) < 2) {
            throw new WrongUsage(
                    "Cannot compact " + name + ": format version 1 has no sequence numbers. Upgrade it to 2.");
        }
        return table;
    }

    /** Who watches looks for orphans once a day, as that lists every file of every table. */
    private Upkeep upkeep(Instant now) {
        boolean orphans = orphansDeleted.isBefore(now.minus(BETWEEN_ORPHANS));
        if (orphans && !options.dryRun) {
            orphansDeleted = now;
        }
        return new Upkeep(
                now,
                options.retainSnapshots,
                options.retainLast,
                options.orphansOlderThan,
                options.metadataVersions,
                !options.skipUpkeep,
                !options.skipUpkeep && orphans);
    }
}
