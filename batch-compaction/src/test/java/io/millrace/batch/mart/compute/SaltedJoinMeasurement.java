package io.millrace.batch.mart.compute;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.batch.LocalSpark;
import io.millrace.schemas.pipeline.Mart.SkewedJoin.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What salting saves, side by side in one run: the join of many scans, 30 % of them of one shipment, with the shipments.
 *
 * <pre>
 * mvn -pl batch-compaction -am test -Dtest=SaltedJoinMeasurement -Dsurefire.failIfNoSpecifiedTests=false \
 *     [-Dmillrace.rows=10000000] [-Dtest.jvm.args="-Xmx4g @$PWD/batch-compaction/spark-jvm.options"]
 * </pre>
 *
 * <p>Of the tasks those are told that read what others have shuffled: the ones that a skewed key makes large.
 */
class SaltedJoinMeasurement {
    private static final long ROWS = Long.getLong("millrace.rows", 10_000_000);
    private static final long SHIPMENTS = Math.max(1_000, ROWS / 20);
    private static final int ROUNDS = 3;

    private final AtomicLong largestTaskMillis = new AtomicLong();
    private final AtomicLong largestTaskRows = new AtomicLong();
    private final AtomicLong largestTaskCpuNanos = new AtomicLong();
    private final AtomicLong cpuNanos = new AtomicLong();
    private final AtomicLong spilledBytes = new AtomicLong();

    @Test
    void saltedBesidePlain(@TempDir Path folder) {
        SparkSession session = LocalSpark.session().newSession();
        session.conf().set("spark.sql.shuffle.partitions", "16");
        // As with sixteen cores: on few, tasks that are small would be put together until these cores have one each.
        session.conf().set("spark.sql.adaptive.coalescePartitions.enabled", "false");
        session.sparkContext().addSparkListener(new SparkListener() {
            @Override
            public void onTaskEnd(SparkListenerTaskEnd end) {
                long shuffled = end.taskMetrics().shuffleReadMetrics().recordsRead();
                if (shuffled > 0) {
                    largestTaskRows.accumulateAndGet(shuffled, Math::max);
                    largestTaskMillis.accumulateAndGet(end.taskInfo().duration(), Math::max);
                    largestTaskCpuNanos.accumulateAndGet(end.taskMetrics().executorCpuTime(), Math::max);
                }
                cpuNanos.addAndGet(end.taskMetrics().executorCpuTime());
                spilledBytes.addAndGet(end.taskMetrics().diskBytesSpilled());
            }
        });
        session.sql("SELECT CASE WHEN id % 10 < 3 THEN 7 ELSE xxhash64(id) % " + SHIPMENTS
                        + " END AS shipment, id AS scan," + " id % 100 AS weight FROM range(" + ROWS + ")")
                .write()
                .parquet(folder.resolve("scans").toString());
        session.sql("SELECT id AS shipment, concat('lane ', id % 50) AS lane, sha2(CAST(id AS string), 256) AS label"
                        + " FROM range(-" + SHIPMENTS + ", " + SHIPMENTS + ")")
                .write()
                .parquet(folder.resolve("shipments").toString());
        Dataset<Row> scans = session.read().parquet(folder.resolve("scans").toString());
        Dataset<Row> shipments =
                session.read().parquet(folder.resolve("shipments").toString());

        List<List<Row>> results = new ArrayList<>();
        for (int round = 1; round <= ROUNDS; round++) {
            results.add(measure("plain", round, () -> scans.join(shipments, "shipment")));
            results.add(measure(
                    "salted",
                    round,
                    () -> new SaltedJoin(session).join(scans, shipments, List.of("shipment"), Kind.INNER)));
        }

        assertThat(results).as("all ways give the same result").allMatch(rows -> rows.equals(results.get(0)));
    }

    private List<Row> measure(String way, int round, java.util.function.Supplier<Dataset<Row>> join) {
        List.of(largestTaskMillis, largestTaskRows, largestTaskCpuNanos, cpuNanos, spilledBytes)
                .forEach(figure -> figure.set(0));
        long start = System.nanoTime();
        List<Row> rows = join.get()
                .groupBy("lane")
                .agg(
                        count(lit(1)).as("scans"),
                        sum(col("weight")).as("weight"),
                        org.apache.spark.sql.functions.max("label"))
                .orderBy("lane")
                .collectAsList();
        System.out.printf(
                Locale.ROOT,
                "%,d rows, round %d, %-6s %6.1f s, largest task %6.1f s, %,d rows; processor: all tasks %6.1f s, largest %6.1f s;"
                        + " %,d MB spilled%n",
                ROWS,
                round,
                way,
                (System.nanoTime() - start) / 1e9,
                largestTaskMillis.get() / 1e3,
                largestTaskRows.get(),
                cpuNanos.get() / 1e9,
                largestTaskCpuNanos.get() / 1e9,
                spilledBytes.get() >> 20);
        return rows;
    }
}
