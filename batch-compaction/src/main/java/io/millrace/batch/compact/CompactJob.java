package io.millrace.batch.compact;

import io.millrace.batch.compact.policy.CompactionPolicy;
import io.millrace.batch.compact.upkeep.Upkeep;
import io.millrace.batch.report.Quantities;
import io.millrace.schemas.pipeline.Connections;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.schemas.pipeline.PipelineFile;
import io.millrace.schemas.pipeline.PipelineProblems;
import io.millrace.schemas.pipeline.TableRoute;
import io.millrace.schemas.pipeline.TableRoute.IcebergTarget;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
import picocli.CommandLine;

/**
 * Compacts the Iceberg tables of a pipeline: {@code spark-submit --class io.millrace.batch.compact.CompactJob
 * millrace-batch-compaction-job.jar --pipeline FILE [--connections FILE] [--table NS.NAME]…}.
 *
 * <p>Exit codes: 0 all went well, groups that gave way to other writers included; 2 wrong usage or configuration; 1 anything
 * else. Standard output has the plan and the result, and nothing else.
 */
public final class CompactJob {
    private final CompactOptions options;
    private final PrintWriter out;
    private final Instant now;

    private CompactJob(CompactOptions options, PrintWriter out, Instant now) {
        this.options = options;
        this.out = out;
        this.now = now;
    }

    public static void main(String[] args) throws InterruptedException {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int exitCode;
        try {
            exitCode = run(
                    args,
                    out,
                    err,
                    () -> SparkSession.builder().appName("millrace compact").getOrCreate());
        } finally {
            SparkSession.getDefaultSession().foreach(session -> {
                session.stop();
                return null;
            });
        }
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    /** Runs the job; the session is asked for once the arguments and files are known to be right. */
    static int run(String[] args, PrintWriter out, PrintWriter err, Supplier<SparkSession> session)
            throws InterruptedException {
        CompactOptions options = new CompactOptions();
        CommandLine line = new CommandLine(options)
                .registerConverter(long.class, Quantities::bytes)
                .registerConverter(Duration.class, Quantities::time)
                .registerConverter(TableIdentifier.class, TableIdentifier::parse);
        try {
            line.parseArgs(args);
            if (line.isUsageHelpRequested()) {
                line.usage(out);
                return 0;
            }
            Pipeline pipeline = PipelineFile.read(options.pipeline, options.connections);
            return new CompactJob(options, out, Instant.now()).run(pipeline, session);
        } catch (CommandLine.ParameterException | PipelineProblems | WrongUsage e) {
            err.println(e.getMessage());
            return 2;
        } catch (IOException e) {
            err.println("Cannot close the catalog: " + e.getMessage());
            return 1;
        }
    }

    private int run(Pipeline pipeline, Supplier<SparkSession> session) throws InterruptedException, IOException {
        check();
        Map<TableIdentifier, List<String>> tables = tables(pipeline);
        CompactionPolicy policy = options.policy();
        SparkSession spark = session.get();
        Connections.Iceberg iceberg = pipeline.connections().iceberg();
        Catalog catalog = CatalogUtil.buildIcebergCatalog(
                iceberg.catalog(), iceberg.properties(), spark.sparkContext().hadoopConfiguration());
        try {
            return compact(spark, catalog, tables, policy);
        } finally {
            if (catalog instanceof Closeable closeable) {
                closeable.close();
            }
        }
    }

    private int compact(
            SparkSession spark, Catalog catalog, Map<TableIdentifier, List<String>> tables, CompactionPolicy policy)
            throws InterruptedException {
        Report report = new Report(options.json, options.targetFileSize, out);
        boolean failed = false;
        long left = policy.budgetBytes();
        for (Map.Entry<TableIdentifier, List<String>> entry : tables.entrySet()) {
            TableIdentifier name = entry.getKey();
            if (!catalog.tableExists(name)) {
                // The stream makes a table with its first row.
                refuseIfNamed(name);
                continue;
            }
            TablePlan plan = TablePlan.of(catalog.loadTable(name), policy.withBudget(Math.max(1, left)), now);
            refuseFormatVersion(plan.table());
            left -= plan.bytes();
            report.planned(plan);
            if (!options.dryRun) {
                TableResult result = new TableCompaction(spark, plan, catalog.loadTable(name))
                        .run(
                                keyColumns(plan.table(), entry.getValue()),
                                options.targetFileSize,
                                options.parallel,
                                options.attempts,
                                upkeep());
                report.done(result);
                failed |= result.failed();
            }
        }
        report.close();
        return failed ? 1 : 0;
    }

    private void check() {
        if (options.orphansOlderThan.compareTo(Duration.ofDays(1)) < 0) {
            throw new WrongUsage("Cannot delete orphans younger than a day: a writer may be about to commit them. Give"
                    + " --orphans-older-than at least 1d.");
        }
        if (options.targetFileSize <= 0
                || options.maxBytes <= 0
                || options.parallel < 1
                || options.attempts < 1
                || options.retainLast < 1) {
            throw new WrongUsage("Cannot compact with --target-file-size, --max-bytes, --parallel, --attempts or"
                    + " --retain-last of 0: give at least 1.");
        }
    }

    /** The tables asked for with the key columns that the pipeline file gives them. */
    private Map<TableIdentifier, List<String>> tables(Pipeline pipeline) {
        Map<TableIdentifier, List<String>> known = new LinkedHashMap<>();
        for (TableRoute route : pipeline.tables()) {
            IcebergTarget target = route.iceberg();
            // What matches a pattern is compacted if it is asked for by name.
            if (target != null && !route.isPattern()) {
                known.put(TableIdentifier.of(target.namespace(), target.name()), route.key());
            }
        }
        if (options.tables.isEmpty()) {
            return known;
        }
        Map<TableIdentifier, List<String>> asked = new LinkedHashMap<>();
        options.tables.forEach(name -> asked.put(name, known.getOrDefault(name, List.of())));
        return asked;
    }

    private void refuseIfNamed(TableIdentifier name) {
        if (options.tables.contains(name)) {
            throw new WrongUsage("Cannot find table " + name + " in the catalog: name one that exists.");
        }
    }

    private static void refuseFormatVersion(Table table) {
        if (TableUtil.formatVersion(table) < 2) {
            throw new WrongUsage(
                    "Cannot compact " + table.name() + ": format version 1 has no sequence numbers. Upgrade it to 2.");
        }
    }

    /** The table's identifier fields, or what the pipeline file says the key is, as far as the table has these columns. */
    private static List<String> keyColumns(Table table, List<String> fromPipeline) {
        List<String> columns =
                new ArrayList<>(fromPipeline.isEmpty() ? table.schema().identifierFieldNames() : fromPipeline);
        columns.removeIf(column -> table.schema().asStruct().field(column) == null);
        return columns;
    }

    private Upkeep upkeep() {
        return new Upkeep(
                now, options.retainSnapshots, options.retainLast, options.orphansOlderThan, !options.skipUpkeep);
    }

    /** The job was asked for something that it cannot do. */
    private static final class WrongUsage extends RuntimeException {
        private static final long serialVersionUID = 1L;

        WrongUsage(String message) {
            super(message);
        }
    }
}
