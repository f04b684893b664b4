package io.millrace.benchmarks.spark;

import io.millrace.benchmarks.sink.History;
import io.millrace.benchmarks.sink.ReadEngine;
import io.millrace.benchmarks.sink.ReadOptions;
import io.millrace.benchmarks.sink.Reads;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Reads a snapshot with Spark: two threads, vectorized, with Spark's own cache of delete files. */
@Command(name = "spark-read")
final class SparkReadStep implements Callable<Integer>, ReadEngine {
    @Mixin
    private ReadOptions options;

    private SparkSession spark;

    @SuppressWarnings("NullAway.Init")
    private SparkReadStep() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new SparkReadStep()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        spark = LocalSpark.start(Path.of(System.getProperty("java.io.tmpdir")));
        // Code generation and class loading are over before anything is measured.
        spark.range(1000).selectExpr("sum(id * id)").collectAsList();
        new Reads(options, this).run();
        return 0;
    }

    private Dataset<Row> table() {
        return spark.read()
                .format("iceberg")
                .option("snapshot-id", options.snapshot())
                .load(options.table().toUri().toString());
    }

    @Override
    public History.Totals scan() {
        // The hash makes Spark read the columns that the other sums do not need.
        Row row = table().selectExpr(
                        "count(*)",
                        "sum(" + History.checkSql() + ")",
                        "sum(amount)",
                        "bit_xor(xxhash64(customer, status, note, updated_at))")
                .first();
        return new History.Totals(row.getLong(0), row.getLong(1), row.getLong(2));
    }

    @Override
    public double sampledScan() {
        throw new UnsupportedOperationException("Cannot scan a sample of the files with Spark");
    }

    @Override
    public long aggregate() {
        return table().groupBy("status").sum("amount").collectAsList().stream()
                .mapToLong(row -> row.getLong(1))
                .sum();
    }

    @Override
    public long lookUp(long id) {
        return table().where("id = " + id).collectAsList().size();
    }
}
