package io.millrace.local.chaos;

import io.millrace.iceberg.UpsertTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * What a seed decides about a run.
 *
 * @param seed the seed
 * @param logs the history of each table
 * @param tables the tables: one of each format version
 * @param commitIntervalMillis see the sink's option
 * @param commitTimeoutMillis see the sink's option
 * @param bufferBytes see the sink's option
 */
record RunSettings(
        long seed,
        List<ChangeLog> logs,
        List<UpsertTable> tables,
        long commitIntervalMillis,
        long commitTimeoutMillis,
        long bufferBytes) {
    private static final List<List<String>> PARTITIONS =
            List.of(List.of(), List.of("region"), List.of("bucket(3, id)"), List.of("truncate(1, region)"));

    static RunSettings of(long seed) {
        Random random = new Random(seed);
        List<ChangeLog> logs = new ArrayList<>();
        List<UpsertTable> tables = new ArrayList<>();
        for (int table = 0; table < 2; table++) {
            logs.add(new ChangeLog(seed, table, 50 + random.nextInt(500)));
            tables.add(new UpsertTable(
                    TableIdentifier.of(namespace(seed), "t" + table),
                    List.of("id"),
                    PARTITIONS.get(random.nextInt(PARTITIONS.size())),
                    2 + table,
                    Map.of()));
        }
        return new RunSettings(
                seed,
                logs,
                tables,
                1000 * random.nextInt(3),
                random.nextBoolean() ? 2000 : 60_000,
                random.nextInt(3) == 0 ? 20_000 : 64L << 20);
    }

    static String namespace(long seed) {
        return "seed" + seed;
    }
}
