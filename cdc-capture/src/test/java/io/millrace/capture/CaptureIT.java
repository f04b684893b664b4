package io.millrace.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.capture.status.CaptureStatus.State;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The capture between a real PostgreSQL and the local stack's Kinesis. */
@ExtendWith(LocalServers.Extension.class)
class CaptureIT {
    @Test
    void everyChangeIsOnTheStreamInTheOrderOfItsKey(LocalServers servers) throws Exception {
        Scene scene = new Scene(
                servers,
                "orders",
                "CREATE TABLE item (id int PRIMARY KEY, name text, price numeric(8,2))",
                "INSERT INTO item SELECT i, 'n' || i, i FROM generate_series(1, 1000) i");
        long seed = 42;
        Random random = new Random(seed);
        try (TestCapture capture = scene.capture();
                Connection connection = scene.connect();
                Statement statement = connection.createStatement()) {
            Scene.awaitState(capture, State.STREAMING);
            for (int i = 0; i < 500; i++) {
                statement.execute(randomChange(random, i));
            }
            statement.execute("INSERT INTO item SELECT i, 'end', 0 FROM generate_series(-50, 0) i");
            // Enough rows that every shard has one of the last.
            scene.awaitRows(-50, 0);
        }
        scene.assertConsumedIsEqual();
        scene.changes().stream()
                .collect(Collectors.groupingBy(Change::partitionKey))
                .forEach((key, history) -> assertThat(history)
                        .as("changes of one key, seed " + seed)
                        .isSortedAccordingTo(Comparator.comparing(Change::position)));
    }

    /** With many rows of one LSN, and changed keys: where resuming within an LSN would lose some. */
    @Test
    void killedCaptureLeavesNoGap(LocalServers servers) throws Exception {
        Scene scene = new Scene(servers, "kills", "CREATE TABLE item (id int PRIMARY KEY, name text)");
        for (int round = 1; round <= 2; round++) {
            Process process = scene.captureProcess("-Xmx384m");
            try (Connection connection = scene.connect();
                    Statement statement = connection.createStatement()) {
                for (int i = round * 100; i < round * 100 + 20; i++) {
                    statement.execute("COPY item FROM PROGRAM 'seq -f \"%.0f,c\" " + i * 1000 + " " + (i * 1000 + 99)
                            + "' WITH (FORMAT csv)");
                    statement.execute("INSERT INTO item VALUES (" + i + ", 'a')");
                    statement.execute("UPDATE item SET name = name || 'u' WHERE id % 7 = 0 AND id < 1000");
                    statement.execute("UPDATE item SET id = id + 100000000 WHERE id = " + i);
                }
                scene.awaitRow(100_000_000 + round * 100 + 5);
            } finally {
                process.destroyForcibly().waitFor();
            }
        }
        try (TestCapture last = scene.capture()) {
            scene.run("INSERT INTO item SELECT i, 'end' FROM generate_series(-50, 0) i");
            Scene.awaitState(last, State.STREAMING);
            // Enough rows that every shard has one of the last.
            scene.awaitRows(-50, 0);
            // While it runs: it may still read what a killed snapshot did not publish.
            scene.assertConsumedIsEqual();
        }
    }

    /** The rows are on the stream, and no snapshot that is taken later has those that were deleted since. */
    @Test
    void rowsDeletedAfterAnUnfinishedSnapshotAreGone(LocalServers servers) throws Exception {
        Scene scene = new Scene(
                servers,
                "unfinished",
                "CREATE TABLE item (id int PRIMARY KEY, name text)",
                "INSERT INTO item SELECT i, repeat('x', 300) FROM generate_series(1, 12000) i");
        scene.killCaptureWithinItsSnapshot();
        scene.run(
                "DELETE FROM item WHERE id % 3 = 0",
                "UPDATE item SET name = 'new' WHERE id % 50 = 1", "INSERT INTO item VALUES (0, 'new')");

        try (TestCapture capture = scene.capture()) {
            scene.assertConsumedIsEqual();
            assertThat(capture.failure()).isNull();
        }
    }

    /** A select of a table gives the rows of those that inherit from it, the log does not. */
    @Test
    void rowsOfTablesThatInheritAreNotTheTablesOwn(LocalServers servers) throws Exception {
        Scene scene = new Scene(
                servers,
                "heirs",
                "CREATE TABLE item (id int PRIMARY KEY, name text)",
                "CREATE TABLE old_item (PRIMARY KEY (id)) INHERITS (item)",
                "INSERT INTO item VALUES (1, 'own')",
                "INSERT INTO old_item VALUES (1, 'of the heir'), (2, 'of the heir')");
        try (TestCapture capture = scene.capture()) {
            Scene.awaitState(capture, State.STREAMING);
            scene.run("UPDATE item SET name = 'changed'", "INSERT INTO item VALUES (3, 'end')");
            scene.awaitRow(3);
            scene.await(change -> change.operation().equals("u"));
        }
        assertThat(scene.changes())
                .extracting(change -> change.operation() + " " + change.partitionKey())
                .containsExactlyInAnyOrder("r heirs.public.item|1", "u heirs.public.item|1", "c heirs.public.item|3");
    }

    /** What is computed when it is read is in no log: it would be there after a snapshot and null after the next change. */
    @Test
    void generatedColumnsAreToldAlwaysOrNever(LocalServers servers) throws Exception {
        Scene scene = new Scene(
                servers,
                "generated",
                "CREATE TABLE item (id int PRIMARY KEY, n int, stored int GENERATED ALWAYS AS (n * 2) STORED,"
                        + " computed int GENERATED ALWAYS AS (n * 3) VIRTUAL)",
                "CREATE TABLE old_item (PRIMARY KEY (id)) INHERITS (item)",
                "INSERT INTO item VALUES (1, 1)");
        try (TestCapture capture = scene.capture()) {
            Scene.awaitState(capture, State.STREAMING);
            scene.run("UPDATE item SET n = 2", "INSERT INTO item VALUES (3, 3)");
            scene.awaitRow(3);
            scene.await(change -> change.operation().equals("u"));
        }
        assertThat(scene.changes())
                .extracting(change -> String.valueOf(change.after()))
                .containsExactlyInAnyOrder(
                        "{\"id\": 1, \"n\": 1, \"stored\": 2}",
                        "{\"id\": 1, \"n\": 2, \"stored\": 4}",
                        "{\"id\": 3, \"n\": 3, \"stored\": 6}");
    }

    /**
     * A slot becomes consistent in two steps, each waiting for the transactions that are open at its start. One that begins
     * between the steps and commits after the snapshot is streamed with LSNs below the snapshot's.
     */
    @Test
    void transactionsOpenDuringTheSnapshotOrderAfterIt(LocalServers servers) throws Exception {
        Scene scene = new Scene(
                servers,
                "hazard",
                "CREATE TABLE item (id int PRIMARY KEY, name text)",
                "INSERT INTO item VALUES (1, 'old'), (2, 'old')");
        try (Connection first = open(scene, "INSERT INTO item VALUES (11, 'first')")) {
            CompletableFuture<TestCapture> starting = CompletableFuture.supplyAsync(() -> {
                try {
                    return scene.capture();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            awaitSlotWaitsFor(scene, first);
            Connection second = open(scene, "INSERT INTO item VALUES (12, 'second')");
            first.commit();
            awaitSlotWaitsFor(scene, second);
            Connection hazard = open(scene, "UPDATE item SET name = 'new' WHERE id = 1");
            Connection other = open(scene, "UPDATE item SET name = 'other' WHERE id = 2");
            second.commit();
            try (TestCapture capture = starting.join()) {
                scene.await(change -> change.operation().equals("r"));
                Scene.awaitState(capture, State.STREAMING);
                hazard.commit();
                scene.await(change -> change.operation().equals("u"));
            }
            other.createStatement().execute("UPDATE item SET name = 'newer' WHERE id = 1");
            other.commit();
            try (TestCapture resumed = scene.capture()) {
                scene.run("INSERT INTO item VALUES (3, 'end')");
                scene.awaitRow(3);
                scene.assertConsumedIsEqual();
                assertThat(resumed.failure()).isNull();
            }
            second.close();
            hazard.close();
            other.close();
        }
        assertThat(scene.changes())
                .as("the hazard did occur: a streamed change below the snapshot")
                .anySatisfy(change -> assertThat(change.position().offset())
                        .isBetween(1L, change.position().transaction()));
    }

    private static Connection open(Scene scene, String change) throws SQLException {
        Connection connection = scene.connect();
        connection.setAutoCommit(false);
        connection.createStatement().execute(change);
        return connection;
    }

    /** Until the making of the slot waits for the end of a transaction. */
    private static void awaitSlotWaitsFor(Scene scene, Connection transaction) throws SQLException {
        try (Statement statement = transaction.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_current_xact_id()::xid::text")) {
            row.next();
            String xid = row.getString(1);
            Awaitility.await()
                    .atMost(Scene.PATIENCE)
                    .until(() -> waits(
                            scene, "SELECT 1 FROM pg_locks WHERE NOT granted AND transactionid::text = '" + xid + "'"));
        }
    }

    private static boolean waits(Scene scene, String query) throws SQLException {
        try (Connection connection = scene.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next();
        }
    }

    private static String randomChange(Random random, int i) {
        int id = 1 + random.nextInt(1100);
        return switch (random.nextInt(6)) {
            case 0 -> "INSERT INTO item VALUES (" + id + ", 'new" + i + "', 1) ON CONFLICT DO NOTHING";
            case 1 -> "DELETE FROM item WHERE id = " + id;
            case 2 -> "UPDATE item SET id = id + 5000 WHERE id = " + id;
            case 3 -> "UPDATE item SET name = NULL WHERE id % 97 = " + id % 97;
            default -> "UPDATE item SET name = 'v" + i + "' WHERE id = " + id;
        };
    }
}
