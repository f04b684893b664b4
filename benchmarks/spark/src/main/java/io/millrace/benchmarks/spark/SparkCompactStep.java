package io.millrace.benchmarks.spark;

import io.millrace.benchmarks.measure.Stopwatch;
import io.millrace.benchmarks.sink.CompactResult;
import io.millrace.benchmarks.sink.Json;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.spark.actions.SparkActions;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Rewrites a table into as few files as can be, sorted by key, without deletes: what no sink can be faster to read than. */
@Command(name = "spark-compact")
final class SparkCompactStep implements Callable<Integer> {
    @Option(names = "--table", required = true, description = "The table's folder.")
    private Path folder;

    @Option(names = "--result", required = true)
    private Path result;

    @SuppressWarnings("NullAway.Init")
    private SparkCompactStep() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new SparkCompactStep()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        SparkSession spark = LocalSpark.start(Path.of(System.getProperty("java.io.tmpdir")));
        Table table = new HadoopTables(new Configuration()).load(folder.toString());
        Stopwatch stopwatch = new Stopwatch();
        SparkActions.get(spark)
                .rewriteDataFiles(table)
                .option("rewrite-all", "true")
                .sort(SortOrder.builderFor(table.schema()).asc("id").build())
                .execute();
        table.refresh();
        Json.write(
                result,
                new CompactResult(
                        stopwatch.read(),
                        table.currentSnapshot().snapshotId(),
                        ((HasTableOperations) table).operations().current().metadataFileLocation()));
        return 0;
    }
}
