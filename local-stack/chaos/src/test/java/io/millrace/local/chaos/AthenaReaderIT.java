package io.millrace.local.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The engine of Athena beside a chaos run: it rewrites the version 2 table all the while, and then reads its newest snapshots, those
 * with position deletes and those with rewritten files, row by row. Needs the Maven profile {@code athena}, which fetches Trino.
 */
@EnabledIfSystemProperty(named = "millrace.trino", matches = ".+")
class AthenaReaderIT {
    private static final int SNAPSHOTS = 12;
    private static final long SEED = 4711;

    /** A snapshot and its rows, as the history has them. */
    private record Expected(Snapshot snapshot, List<String> rows) {}

    @Test
    void trinoRewritesBesideTheSinkAndReadsWhatTheSourceSays() throws Exception {
        Path module = Path.of("").toAbsolutePath();
        Path root = module.resolve("../..").normalize();
        Path directory = Files.createTempDirectory(module.resolve("target"), "athena-");
        RunSettings settings = RunSettings.of(SEED);
        TableIdentifier name = settings.tables().get(0).identifier();
        try (ChaosServers servers = new ChaosServers(root, directory)) {
            // Makes the catalog's own tables.
            ((Closeable) servers.catalog()).close();
            try (TrinoServer trino = new TrinoServer(
                    unpacked(Path.of(System.getProperty("millrace.trino"))),
                    javaHome(),
                    directory,
                    servers.directProperties())) {
                try (Neighbour neighbour = new Neighbour(root, directory, servers.directProperties());
                        TrinoRewrites rewrites = TrinoRewrites.of(trino, "lake." + name)) {
                    new ChaosRun(SEED, servers, neighbour, directory, null)
                            .play()
                            .close();
                }
                Catalog catalog = servers.catalog();
                List<Expected> expected =
                        expected(catalog.loadTable(name), settings.logs().get(0));
                ((Closeable) catalog).close();
                assertThat(expected)
                        .as("a snapshot that Trino committed")
                        .anyMatch(each -> each.snapshot().summary().containsKey("trino_query_id"));
                List<Expected> newest = expected.subList(Math.max(0, expected.size() - SNAPSHOTS), expected.size());
                assertThat(newest)
                        .as("a snapshot with position deletes")
                        .anyMatch(each -> !each.snapshot()
                                .summary()
                                .getOrDefault("total-position-deletes", "0")
                                .equals("0"));
                assertRead(trino, newest, "lake." + name);
            }
        }
    }

    /** All snapshots of the table, each found right by Iceberg's own reader. */
    private static List<Expected> expected(Table table, ChangeLog log) {
        List<Expected> expected = new ArrayList<>();
        new SnapshotCheck(table, log, (snapshot, rows) -> expected.add(new Expected(snapshot, rows))).run();
        System.out.println(expected.size() + " snapshots, of which Trino committed "
                + expected.stream()
                        .filter(each -> each.snapshot().summary().containsKey("trino_query_id"))
                        .count());
        return expected;
    }

    private static void assertRead(TrinoServer trino, List<Expected> snapshots, String table)
            throws IOException, InterruptedException {
        for (Expected each : snapshots) {
            assertThat(trino.rows("SELECT id, region, changed, note FROM " + table + " FOR VERSION AS OF "
                            + each.snapshot().snapshotId()))
                    .as("snapshot %s as Trino reads it", each.snapshot())
                    .isEqualTo(each.rows());
        }
        List<String> last = snapshots.get(snapshots.size() - 1).rows();
        assertThat(trino.rows("SELECT count(*), count(DISTINCT id) FROM " + table))
                .containsExactly(last.size() + "|" + last.size());
        System.out.println("Trino reads " + snapshots.size() + " snapshots of " + table + ", the last of " + last.size()
                + " rows, as the source has them");
    }

    /** The server's folder beside its archive, which is full of hard links that only tar itself brings back. */
    private static Path unpacked(Path archive) throws IOException, InterruptedException {
        Path folder = archive.resolveSibling(".");
        Path home = archive.resolveSibling(archive.getFileName().toString().replace(".tar.gz", ""));
        if (!Files.exists(home.resolve("unpacked"))) {
            Process tar = new ProcessBuilder("tar", "xzf", archive.toString(), "-C", folder.toString())
                    .inheritIO()
                    .start();
            assertThat(tar.waitFor()).as("exit code of tar for %s", archive).isZero();
            Files.createFile(home.resolve("unpacked"));
        }
        return home;
    }

    /** Java 24 or newer, which Trino needs: the one that a property names, or a Temurin 25 in the usual place. */
    private static Path javaHome() throws IOException {
        String told = System.getProperty("millrace.java25", "");
        if (!told.isEmpty()) {
            return Path.of(told);
        }
        try (Stream<Path> installed = Files.list(Path.of("/usr/lib/jvm"))) {
            return installed
                    .filter(path -> path.getFileName().toString().startsWith("temurin-25"))
                    .findFirst()
                    .orElseThrow(
                            () -> new AssertionError(
                                    "Cannot find Java 25 under /usr/lib/jvm: install Temurin 25, or name one with -Dmillrace.java25."));
        }
    }
}
