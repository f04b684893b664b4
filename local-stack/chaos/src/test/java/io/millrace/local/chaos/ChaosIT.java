package io.millrace.local.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The Iceberg sink under faults, as it is deployed: a job on a cluster of its own, a JDBC catalog in PostgreSQL, S3, and
 * Spark that rewrites the tables meanwhile. {@code -Dmillrace.seeds=50} runs more seeds (from {@code
 * -Dmillrace.first-seed} on), {@code -Dmillrace.seed=7} one again.
 */
@SuppressWarnings("NullAway.Init")
class ChaosIT {
    private static ChaosServers servers;
    private static Neighbour neighbour;
    private static Path directory;
    private static @Nullable ControlledProcess idle;

    static LongStream seeds() {
        Long one = Long.getLong("millrace.seed");
        long first = Long.getLong("millrace.first-seed", 0);
        return one != null ? LongStream.of(one) : LongStream.range(first, first + Long.getLong("millrace.seeds", 1));
    }

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Path module = Path.of("").toAbsolutePath();
        Path root = module.resolve("../..").normalize();
        directory = Files.createTempDirectory(Files.createDirectories(module.resolve("target")), "chaos-");
        servers = new ChaosServers(root, directory);
        // A JDBC catalog that is used for the first time makes its tables: not in several subtasks at once.
        ((java.io.Closeable) servers.catalog()).close();
        neighbour = new Neighbour(root, directory, servers.directProperties());
    }

    @AfterAll
    static void stop() {
        if (idle != null) {
            idle.close();
        }
        if (neighbour != null) {
            neighbour.close();
        }
        if (servers != null) {
            servers.close();
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everySnapshotHoldsWhatItsMomentSays(long seed) throws IOException, InterruptedException {
        ControlledProcess before = idle;
        idle = null;
        idle = new ChaosRun(seed, servers, neighbour, directory, before).play();
    }
}
