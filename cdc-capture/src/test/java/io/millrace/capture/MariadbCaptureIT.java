package io.millrace.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.capture.status.CaptureStatus.State;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Comparator;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The capture between a real MariaDB and the local stack's Kinesis. */
@ExtendWith(LocalServers.Extension.class)
class MariadbCaptureIT {
    private static final long SEED = 42;

    @Test
    void everyChangeIsOnTheStreamInTheOrderOfItsKey(LocalServers servers) throws Exception {
        Scene scene = new Scene(
                servers,
                servers.maria(),
                "m_orders",
                "CREATE TABLE item (id int PRIMARY KEY, name text, price decimal(8,2))",
                "INSERT INTO item SELECT seq, concat('n', seq), seq FROM seq_1_to_1000");
        Random random = new Random(SEED);
        try (TestCapture capture = scene.capture();
                Connection connection = scene.connect();
                Statement statement = connection.createStatement()) {
            Scene.awaitState(capture, State.STREAMING);
            for (int i = 0; i < 400; i++) {
                statement.execute(randomChange(random, i));
            }
            statement.execute("INSERT INTO item SELECT -seq, 'end', 0 FROM seq_0_to_50");
            // Enough rows that every shard has one of the last.
            scene.awaitRows(-50, 0);
            assertThat(capture.failure()).isNull();
        }
        scene.assertConsumedIsEqual();
        assertOrderWithinKeys(scene);
    }

    private static void assertOrderWithinKeys(Scene scene) {
        scene.changes().stream()
                .collect(Collectors.groupingBy(Change::partitionKey))
                .forEach((key, history) -> assertThat(history)
                        .as("changes of one key, seed " + SEED)
                        .isSortedAccordingTo(Comparator.comparing(Change::position)));
    }

    /** The rows are on the stream, and no snapshot that is taken later has those that were deleted since. */
    @Test
    void rowsDeletedAfterAnUnfinishedSnapshotAreGone(LocalServers servers) throws Exception {
        Scene scene = new Scene(
                servers,
                servers.maria(),
                "m_unfinished",
                "CREATE TABLE item (id int PRIMARY KEY, name text)",
                "INSERT INTO item SELECT seq, repeat('x', 300) FROM seq_1_to_12000");
        scene.killCaptureWithinItsSnapshot();
        scene.run(
                "DELETE FROM item WHERE id % 3 = 0",
                "UPDATE item SET name = 'new' WHERE id % 50 = 1", "INSERT INTO item VALUES (0, 'new')");

        try (TestCapture capture = scene.capture()) {
            scene.assertConsumedIsEqual();
            assertThat(capture.failure()).isNull();
        }
    }

    /** Statements of many rows, some of which shift keys onto each other, in logs that are changed all the time. */
    @Test
    void killedCaptureLeavesNoGap(LocalServers servers) throws Exception {
        Scene scene = new Scene(
                servers, servers.maria(), "m_kills", "CREATE TABLE item (id int PRIMARY KEY, name text, extra int)");
        for (int round = 1; round <= 2; round++) {
            Process process = scene.captureProcess("-Xmx384m");
            try (Connection connection = scene.connect();
                    Statement statement = connection.createStatement()) {
                for (int i = round * 100; i < round * 100 + 20; i++) {
                    statement.execute(
                            "INSERT INTO item (id, name) SELECT " + i * 1000 + " + seq, 'c' FROM seq_0_to_99");
                    statement.execute("INSERT INTO item (id, name) VALUES (" + i + ", 'a')");
                    statement.execute("UPDATE item SET name = concat(name, 'u') WHERE id % 7 = 0 AND id < 1000");
                    statement.execute("UPDATE item SET id = id + 1 WHERE id BETWEEN " + i * 1000 + " AND "
                            + (i * 1000 + 99) + " ORDER BY id DESC");
                    statement.execute("UPDATE item SET id = id + 100000000 WHERE id = " + i);
                    if (i % 5 == 0) {
                        statement.execute("FLUSH BINARY LOGS");
                        statement.execute("ALTER TABLE item ADD COLUMN c" + i + " int");
                    }
                }
                scene.awaitRow(100_000_000 + round * 100 + 5);
            } finally {
                process.destroyForcibly().waitFor();
            }
        }
        try (TestCapture last = scene.capture()) {
            scene.run("INSERT INTO item (id, name) SELECT -seq, 'end' FROM seq_0_to_50");
            Scene.awaitState(last, State.STREAMING);
            scene.awaitRows(-50, 0);
            // While it runs: it may still read what a killed snapshot did not publish.
            scene.assertConsumedIsEqual();
            assertThat(last.failure()).isNull();
        }
    }

    @Test
    void valueOfAnAddedColumnArrivesInRowsThatNobodyTouches(LocalServers servers) throws Exception {
        Scene scene = new Scene(
                servers,
                servers.maria(),
                "m_defaults",
                "CREATE TABLE item (id int PRIMARY KEY, name text)",
                "INSERT INTO item SELECT seq, concat('n', seq) FROM seq_1_to_300");
        AtomicBoolean stop = new AtomicBoolean();
        try (TestCapture capture = scene.capture()) {
            scene.awaitRows(1, 300);
            Scene.awaitState(capture, State.STREAMING);
            Thread load = new Thread(() -> work(scene, stop));
            load.start();
            scene.run("ALTER TABLE item ADD COLUMN extra int NOT NULL DEFAULT 7");
            awaitExtra(scene, 299, "7");
            scene.run("ALTER TABLE item DROP COLUMN extra, ADD COLUMN extra int");
            awaitExtra(scene, 299, "null");
            stop.set(true);
            load.join();
            scene.run("INSERT INTO item SELECT -seq, 'end', NULL FROM seq_0_to_50");
            scene.awaitRows(-50, 0);
            assertThat(capture.failure()).isNull();
        }
        scene.assertConsumedIsEqual();
        assertThat(Change.latest(scene.changes()).values())
                .allSatisfy(row -> assertThat(row.get("extra")).isNull());
    }

    @Test
    void serverThatIsKilledAndStartedAgainGoesOn(LocalServers servers) throws Exception {
        Scene scene =
                new Scene(servers, servers.maria(), "m_restart", "CREATE TABLE item (id int PRIMARY KEY, name text)");
        try (TestCapture capture = scene.capture()) {
            Scene.awaitState(capture, State.STREAMING);
            scene.run("INSERT INTO item VALUES (1, 'a')");
            scene.awaitRow(1);
            servers.maria().killAndRestart();
            org.awaitility.Awaitility.await().atMost(Scene.PATIENCE).until(() -> capture.failure() != null);
        }
        scene.run("INSERT INTO item VALUES (2, 'b')", "DELETE FROM item WHERE id = 1");
        try (TestCapture again = scene.capture()) {
            scene.awaitRow(2);
            scene.await(change -> change.operation().equals("d"));
            assertThat(again.failure()).isNull();
        }
        assertThat(scene.changes()).noneMatch(change -> change.operation().equals("r"));

        // Logs that begin anew: what is read and written then stands behind all before, at lower places of its log.
        scene.run("RESET MASTER", "UPDATE item SET name = 'c' WHERE id = 2");
        try (TestCapture anew = scene.capture()) {
            scene.await(change -> change.operation().equals("r"));
            Scene.awaitState(anew, State.STREAMING);
            scene.run("UPDATE item SET name = 'd' WHERE id = 2", "INSERT INTO item VALUES (3, 'e')");
            scene.awaitRow(3);
            assertThat(anew.failure()).isNull();
        }
        assertThat(scene.consumed()).containsEntry("2", "d").containsEntry("3", "e");
        assertOrderWithinKeys(scene);
    }

    private static void awaitExtra(Scene scene, int id, String value) {
        scene.await(change -> {
            GenericRecord after = Change.latest(scene.changes()).values().stream()
                    .filter(row -> row.get("id").equals(id))
                    .findFirst()
                    .orElse(null);
            return after != null
                    && after.getSchema().getField("extra") != null
                    && String.valueOf(after.get("extra")).equals(value);
        });
    }

    private static void work(Scene scene, AtomicBoolean stop) {
        Random random = new Random(SEED);
        for (int i = 0; !stop.get(); i++) {
            int id = 1 + random.nextInt(250);
            try {
                scene.run(
                        random.nextInt(10) == 0
                                ? "DELETE FROM item WHERE id = " + id
                                : "UPDATE item SET name = 'w" + i + "' WHERE id = " + id);
                Thread.sleep(5);
            } catch (java.sql.SQLException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static String randomChange(Random random, int i) {
        int id = 1 + random.nextInt(1100);
        return switch (random.nextInt(7)) {
            case 0 -> "INSERT IGNORE INTO item VALUES (" + id + ", 'new" + i + "', 1)";
            case 1 -> "DELETE FROM item WHERE id = " + id;
            case 2 -> "UPDATE IGNORE item SET id = id + 5000 WHERE id = " + id;
            case 3 -> "UPDATE item SET name = NULL WHERE id % 97 = " + id % 97;
            case 4 -> i % 5 == 0 ? "FLUSH BINARY LOGS" : "REPLACE INTO item VALUES (" + id + ", 'r" + i + "', 2)";
            default -> "UPDATE item SET name = 'v" + i + "' WHERE id = " + id;
        };
    }
}
