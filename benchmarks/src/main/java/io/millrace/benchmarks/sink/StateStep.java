package io.millrace.benchmarks.sink;

import io.millrace.benchmarks.measure.Cost;
import io.millrace.benchmarks.measure.Stopwatch;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Measures the key index: loads a table, looks at the state, then starts the job again with the state, with other
 * parallelism, and without state.
 */
@Command(name = "state")
final class StateStep implements Callable<Integer> {
    private static final int LOAD_ROUNDS = 10;

    @Mixin
    private HistoryOptions history;

    @Option(names = "--parallelism", required = true)
    private int parallelism;

    @Option(names = "--catalog", required = true)
    private Path catalogFile;

    @Option(names = "--table", required = true)
    private String table;

    @Option(names = "--checkpoints", required = true)
    private Path checkpoints;

    @Option(names = "--flink")
    private Map<String, String> flink = Map.of();

    @Option(names = "--result", required = true)
    private Path result;

    @SuppressWarnings("NullAway.Init")
    private StateStep() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new StateStep()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        Map<String, String> properties = WriteStep.properties(catalogFile);
        TableIdentifier name = TableIdentifier.of(WriteStep.NAMESPACE, table);
        Catalog catalog = CatalogUtil.buildIcebergCatalog("bench", properties, new Configuration());
        try {
            WriteStep.create(catalog, name, Contender.OURS_V2);
        } finally {
            if (catalog instanceof Closeable closeable) {
                closeable.close();
            }
        }
        History rows = history.history();
        var settings = LocalCluster.settings(checkpoints, flink);
        String checkpoint;
        Cost load = Cost.NONE;
        long checkpointBytes;
        long liveBytes;
        long fileBytes;
        long entries;
        try (RoundJob job = RoundJob.start(plan(rows, properties, name, parallelism), settings, null)) {
            for (int round = 0; round < LOAD_ROUNDS; round++) {
                load = load.plus(job.round(rows.keys() / LOAD_ROUNDS));
                System.out.printf("%d of %d rounds%n", round + 1, LOAD_ROUNDS);
            }
            load = load.plus(job.settle());
            checkpointBytes = job.lastCheckpoint().getStateSize();
            checkpoint = job.lastCheckpoint().getExternalPath();
            liveBytes = RocksDbGauges.sum(RocksDbGauges.LIVE_BYTES);
            fileBytes = RocksDbGauges.sum(RocksDbGauges.FILE_BYTES);
            entries = RocksDbGauges.sum(RocksDbGauges.KEYS);
        }
        Cost restore = start(plan(rows, properties, name, parallelism), settings, checkpoint);
        Cost rescale = start(plan(rows, properties, name, parallelism + 1), settings, checkpoint);
        Cost bootstrap = start(plan(rows, properties, name, parallelism), settings, null);
        Json.write(
                result,
                new StateResult(
                        rows.keys(),
                        load,
                        checkpointBytes,
                        liveBytes,
                        fileBytes,
                        entries,
                        restore,
                        rescale,
                        bootstrap));
        return 0;
    }

    private static RoundJob.Plan plan(
            History rows, Map<String, String> properties, TableIdentifier name, int parallelism) {
        return new RoundJob.Plan(Contender.OURS_V2, rows, 0, properties, name, parallelism);
    }

    private static Cost start(
            RoundJob.Plan plan,
            org.apache.flink.configuration.Configuration settings,
            @org.jspecify.annotations.Nullable String checkpoint)
            throws Exception {
        Stopwatch stopwatch = new Stopwatch();
        try (RoundJob job = RoundJob.start(plan, settings, checkpoint)) {
            Cost whole = stopwatch.read();
            Cost cost = new Cost(job.initializingSeconds(), whole.cpuSeconds(), whole.compilerSeconds());
            System.out.printf("Parallelism %d from %s: %s%n", plan.parallelism(), checkpoint, cost);
            return cost;
        }
    }
}
