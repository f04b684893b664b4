package io.millrace.benchmarks.sink;

import io.millrace.benchmarks.measure.Cost;
import io.millrace.benchmarks.measure.PeakMemory;
import java.io.Closeable;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes a history with one contender, in a process of its own. */
@Command(name = "write")
final class WriteStep implements Callable<Integer> {
    static final Namespace NAMESPACE = Namespace.of("bench");

    @Mixin
    private HistoryOptions history;

    @Option(names = "--contender", required = true)
    private Contender contender;

    @Option(names = "--commits", required = true)
    private int commits;

    @Option(names = "--parallelism", required = true)
    private int parallelism;

    @Option(names = "--catalog", required = true, description = "A properties file with Iceberg's catalog properties.")
    private Path catalogFile;

    @Option(names = "--table", required = true)
    private String table;

    @Option(names = "--checkpoints", required = true)
    private Path checkpoints;

    @Option(names = "--flink", description = "A setting of Flink's, as KEY=VALUE.")
    private Map<String, String> flink = Map.of();

    @Option(names = "--result", required = true)
    private Path result;

    @SuppressWarnings("NullAway.Init")
    private WriteStep() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new WriteStep()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        Map<String, String> properties = properties(catalogFile);
        TableIdentifier name = TableIdentifier.of(NAMESPACE, table);
        Catalog catalog = CatalogUtil.buildIcebergCatalog("bench", properties, new Configuration());
        try {
            create(catalog, name, contender);
            Json.write(result, write(catalog, name, properties));
        } finally {
            if (catalog instanceof Closeable closeable) {
                closeable.close();
            }
        }
        return 0;
    }

    private WriteResult write(Catalog catalog, TableIdentifier name, Map<String, String> properties) throws Exception {
        History rows = history.history();
        RoundJob.Plan plan = new RoundJob.Plan(contender, rows, 0, properties, name, parallelism);
        Cost load;
        List<Cost> rounds = new ArrayList<>();
        Cost settling;
        try (RoundJob job = RoundJob.start(plan, LocalCluster.settings(checkpoints, flink), null)) {
            load = job.round(rows.keys()).plus(job.settle());
            for (int round = 1; round <= commits; round++) {
                rounds.add(job.round(rows.upserts()));
                System.out.printf("%d of %d rounds%n", round, commits);
            }
            settling = job.settle();
        }
        Table written = catalog.loadTable(name);
        // A sink may add empty snapshots for checkpoints without rows.
        List<SnapshotFacts> snapshots = StreamSupport.stream(written.snapshots().spliterator(), false)
                .map(snapshot -> SnapshotFacts.of(snapshot, written.io()))
                .filter(snapshot -> snapshot.addedFiles() > 0)
                .toList();
        if (snapshots.size() != commits + 1) {
            throw new IllegalStateException("Cannot compare commits: " + snapshots.size() + " snapshots after "
                    + (commits + 1) + " rounds with rows");
        }
        return new WriteResult(
                load,
                rounds,
                settling,
                ((HasTableOperations) written).operations().current().metadataFileLocation(),
                snapshots,
                PeakMemory.residentBytes());
    }

    /** Makes the table, the same for every contender but for its format version. */
    static void create(Catalog catalog, TableIdentifier name, Contender contender) {
        if (catalog instanceof SupportsNamespaces namespaces && !namespaces.namespaceExists(NAMESPACE)) {
            namespaces.createNamespace(NAMESPACE);
        }
        // Left over from a run that was stopped.
        catalog.dropTable(name, true);
        catalog.createTable(
                name,
                Orders.SCHEMA,
                PartitionSpec.unpartitioned(),
                Map.of(TableProperties.FORMAT_VERSION, Integer.toString(contender.formatVersion())));
    }

    static Map<String, String> properties(Path file) throws Exception {
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            properties.load(in);
        }
        Map<String, String> map = new HashMap<>();
        properties.forEach((key, value) -> map.put((String) key, (String) value));
        return map;
    }
}
