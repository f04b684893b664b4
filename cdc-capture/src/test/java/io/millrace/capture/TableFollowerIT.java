package io.millrace.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.capture.offset.CaptureState;
import io.millrace.capture.offset.StateJournal;
import io.millrace.capture.offset.TableShape;
import io.millrace.capture.status.CaptureStatus.State;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.apache.avro.generic.GenericRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Changes of tables that give rows other values without an event. */
@ExtendWith(LocalServers.Extension.class)
class TableFollowerIT {
    private static final long SEED = 5;

    @Test
    void defaultOfAnAddedColumnArrivesInRowsThatNobodyTouches(LocalServers servers) throws Exception {
        Scene scene = new Scene(
                servers,
                "defaults",
                "CREATE TABLE item (id int PRIMARY KEY, name text)",
                "INSERT INTO item SELECT i, 'n' || i FROM generate_series(1, 300) i");
        AtomicBoolean stop = new AtomicBoolean();
        try (TestCapture capture = scene.capture()) {
            scene.awaitRows(1, 300);
            Scene.awaitState(capture, State.STREAMING);
            Thread load = new Thread(() -> work(scene, stop));
            load.start();
            scene.run("ALTER TABLE item ADD COLUMN extra int NOT NULL DEFAULT 7");
            awaitExtra(scene, 299, "7");
            scene.run("ALTER TABLE item DROP COLUMN extra", "ALTER TABLE item ADD COLUMN extra int");
            awaitExtra(scene, 299, "null");
            stop.set(true);
            load.join();
            scene.run("INSERT INTO item SELECT i, 'end' FROM generate_series(-50, 0) i");
            scene.awaitRows(-50, 0);
            assertThat(capture.failure()).isNull();
        }
        scene.assertConsumedIsEqual();
        assertThat(Change.latest(scene.changes()).values())
                .as("seed " + SEED)
                .allSatisfy(row -> assertThat(row.get("extra")).isNull());
    }

    @Test
    void changeWhileTheCaptureWasAwayIsFollowedAfterwards(LocalServers servers) throws Exception {
        Scene scene = new Scene(
                servers,
                "away",
                "CREATE TABLE item (id int PRIMARY KEY, name text)",
                "INSERT INTO item VALUES (1, 'a'), (2, 'b')");
        captureUntilItStreams(scene);
        scene.run("ALTER TABLE item ADD COLUMN extra text DEFAULT 'x'", "DELETE FROM item WHERE id = 1");
        try (TestCapture capture = scene.capture()) {
            awaitExtra(scene, 2, "x");
            scene.await(change -> change.operation().equals("d"));
            assertThat(capture.failure()).isNull();
        }
        scene.assertConsumedIsEqual();
    }

    /**
     * The hazard: a server that has looked up a table's new layout on the connection, as it does when asked what is published,
     * reads the changes of the old layout by it.
     */
    @Test
    void changesFromBeforeATableWasRewrittenAreReadAsTheyWere(LocalServers servers) throws Exception {
        Scene scene = new Scene(
                servers,
                "rewritten",
                "CREATE TABLE item (id int PRIMARY KEY, name text, amount int, note text)",
                "INSERT INTO item VALUES (1, 'a', 1, 'x'), (2, 'b', 2, 'y')");
        captureUntilItStreams(scene);
        scene.run(
                "INSERT INTO item SELECT i, 'n' || i, i, 'note' FROM generate_series(10, 30) i",
                "UPDATE item SET amount = id + 1000 WHERE id < 5",
                "ALTER TABLE item ALTER COLUMN amount TYPE bigint",
                "CREATE TABLE other (id int PRIMARY KEY)",
                "ALTER PUBLICATION \"" + scene.config().slotName() + "\" ADD TABLE other");
        try (TestCapture capture = scene.capture()) {
            scene.awaitRows(10, 30);
            scene.await(change -> scene.changes().stream()
                            .filter(other -> other.operation().equals("u"))
                            .count()
                    == 4);
            Awaitility.await()
                    .atMost(Scene.PATIENCE)
                    .until(() -> published(scene).equals(List.of("item")));
            assertThat(capture.failure()).isNull();
        }
        assertThat(Change.latest(scene.changes()).values())
                .hasSize(25)
                .allSatisfy(row -> assertThat(((Number) row.get("amount")).intValue() % 1000)
                        .isEqualTo(row.get("id")));
        scene.assertConsumedIsEqual();
    }

    /** The hazard: a row that is read again while a change of it, written before, is not committed yet. */
    @Test
    void rowThatIsReadAgainNeverOutranksALaterCommit(LocalServers servers) throws Exception {
        Scene scene = new Scene(
                servers,
                "commits",
                "CREATE TABLE item (id int PRIMARY KEY, name text)",
                "CREATE TABLE other (id int PRIMARY KEY)",
                "INSERT INTO item SELECT i, 'old' FROM generate_series(1, 20) i");
        try (TestCapture capture = scene.capture();
                Connection open = scene.connect()) {
            scene.awaitRows(1, 20);
            Scene.awaitState(capture, State.STREAMING);
            // Open before the table changes, so that no look can come before it.
            open.setAutoCommit(false);
            open.createStatement().execute("INSERT INTO other VALUES (1)");
            scene.run("ALTER TABLE item ADD COLUMN extra int DEFAULT 7");
            open.createStatement().execute("UPDATE item SET name = 'new', extra = 8 WHERE id <= 10");
            awaitBarrier(scene);
            open.commit();
            awaitExtra(scene, 20, "7");
            awaitExtra(scene, 10, "8");
            assertThat(capture.failure()).isNull();
        }
        scene.assertConsumedIsEqual();
    }

    /** Nothing of it is to be seen afterwards, but rows that changed meanwhile were not the rows of this table. */
    @Test
    void whatWasChangedAndChangedBackWhileNobodyLookedIsReadAgain(LocalServers servers) throws Exception {
        Scene scene = new Scene(
                servers,
                "back",
                "CREATE TABLE item (id int PRIMARY KEY, name text, code serial)",
                "INSERT INTO item VALUES (1, 'a'), (2, 'b')");
        captureUntilItStreams(scene);
        scene.run(
                "ALTER TABLE item RENAME COLUMN name TO title",
                "UPDATE item SET title = 'renamed' WHERE id = 1",
                "ALTER TABLE item RENAME COLUMN title TO name");
        captureUntilReadAgain(scene, 1);
        scene.run(
                "ALTER TABLE item DROP CONSTRAINT item_pkey, ADD PRIMARY KEY (code)",
                "UPDATE item SET name = 'rekeyed' WHERE id = 2",
                "ALTER TABLE item DROP CONSTRAINT item_pkey, ADD PRIMARY KEY (id)");
        captureUntilReadAgain(scene, 2);
        scene.assertConsumedIsEqual();
    }

    /** Reading a large table again is hours of work, so nobody may cause it by routine. */
    @Test
    void whatChangesNoRowReadsNothingAgain(LocalServers servers) throws Exception {
        Scene scene = new Scene(
                servers,
                "routine",
                "CREATE TABLE item (id int PRIMARY KEY, name text, amount int)",
                "ALTER TABLE item ADD COLUMN extra int DEFAULT 7",
                "INSERT INTO item VALUES (1, 'a'), (2, 'b')");
        captureUntilItStreams(scene);
        scene.run(
                "ALTER TABLE item ALTER COLUMN amount SET DEFAULT 5",
                "ALTER TABLE item ALTER COLUMN name SET NOT NULL",
                "ALTER TABLE item ALTER COLUMN id SET STATISTICS 500",
                "CREATE INDEX item_name ON item (name)",
                "REINDEX TABLE CONCURRENTLY item",
                "ANALYZE item",
                "VACUUM FULL item",
                "ALTER TABLE item ADD COLUMN plain int");
        try (TestCapture capture = scene.capture()) {
            awaitLook(scene, shape -> shape.columns().size() == 5);
            scene.run("ALTER TABLE item ALTER COLUMN amount SET DEFAULT 6", "ALTER TABLE item ADD COLUMN other int");
            awaitLook(scene, shape -> shape.columns().size() == 6);
            scene.run("INSERT INTO item (id, name) VALUES (5, 'e')");
            scene.awaitRow(5);
            assertThat(capture.failure()).isNull();
        }
        assertThat(timesRead(scene)).isEqualTo(1);
    }

    @Test
    void tableThatWasTakenOutOfThePublicationIsReadAgain(LocalServers servers) throws Exception {
        Scene scene = new Scene(
                servers,
                "withdrawn",
                "CREATE TABLE item (id int PRIMARY KEY, name text)",
                "INSERT INTO item VALUES (1, 'a'), (2, 'b')");
        captureUntilItStreams(scene);
        scene.run(
                "ALTER PUBLICATION \"" + scene.config().slotName() + "\" DROP TABLE item",
                "INSERT INTO item VALUES (5, 'missed')");
        try (TestCapture capture = scene.capture()) {
            scene.awaitRow(5);
            scene.run("INSERT INTO item VALUES (6, 'e')");
            scene.awaitRow(6);
            assertThat(capture.failure()).isNull();
        }
        scene.assertConsumedIsEqual();
    }

    @Test
    void publicationThatIsGoneMeansAnotherSnapshot(LocalServers servers) throws Exception {
        Scene scene = new Scene(
                servers,
                "unpublished",
                "CREATE TABLE item (id int, name text, PRIMARY KEY (id)) PARTITION BY RANGE (id)",
                "CREATE TABLE item_first PARTITION OF item FOR VALUES FROM (0) TO (100)",
                "INSERT INTO item VALUES (1, 'a'), (2, 'b')");
        captureUntilItStreams(scene);
        scene.run("DROP PUBLICATION \"" + scene.config().slotName() + "\"", "INSERT INTO item VALUES (5, 'missed')");
        try (TestCapture capture = scene.capture()) {
            scene.awaitRow(5);
            Scene.awaitState(capture, State.STREAMING);
            scene.run("UPDATE item SET name = 'e' WHERE id = 5");
            scene.await(change -> "u".equals(change.operation()));
            assertThat(capture.failure()).isNull();
        }
        scene.assertConsumedIsEqual();
    }

    /** Leaves an offset behind the snapshot, without which the next run would take another one. */
    private static void captureUntilItStreams(Scene scene) throws Exception {
        try (TestCapture capture = scene.capture()) {
            scene.awaitRows(1, 2);
            Scene.awaitState(capture, State.STREAMING);
            scene.run("INSERT INTO item (id, name) VALUES (3, 'c')", "INSERT INTO item (id, name) VALUES (4, 'd')");
            scene.awaitRows(3, 4);
        }
    }

    /** Captures until all rows are there once more. */
    private static void captureUntilReadAgain(Scene scene, int times) throws Exception {
        try (TestCapture capture = scene.capture()) {
            scene.await(change -> timesRead(scene) == times + 1);
            assertThat(capture.failure()).isNull();
        }
    }

    /** How often all rows were read, the first snapshot among them, by one that is as old as the table. */
    private static long timesRead(Scene scene) {
        return scene.changes().stream()
                .filter(change -> change.partitionKey().endsWith("|1")
                        && change.operation().equals("r"))
                .count();
    }

    /** Waits until the follower has seen a shape of the table, and the rows that it had to read for it are on the stream. */
    private static void awaitLook(Scene scene, Predicate<TableShape> wanted) {
        Awaitility.await().atMost(Scene.PATIENCE).until(() -> {
            CaptureState state =
                    StateJournal.read(scene.objects(), scene.config().stateName());
            TableShape shape = state == null ? null : state.shapes().get("public.item");
            return shape != null && wanted.test(shape);
        });
    }

    /** Waits until the follower waits for open transactions. */
    private static void awaitBarrier(Scene scene) throws SQLException {
        try (Connection connection = scene.connect();
                PreparedStatement query = connection.prepareStatement(
                        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                + " AND pid <> pg_backend_pid() AND query LIKE '%transactionid%pg_locks%'")) {
            Awaitility.await().atMost(Scene.PATIENCE).until(() -> {
                ResultSet row = query.executeQuery();
                return row.next() && row.getInt(1) > 0;
            });
        }
    }

    private static List<String> published(Scene scene) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (Connection connection = scene.connect();
                PreparedStatement query =
                        connection.prepareStatement("SELECT tablename FROM pg_publication_tables WHERE pubname = ?")) {
            query.setString(1, scene.config().slotName());
            ResultSet row = query.executeQuery();
            while (row.next()) {
                tables.add(row.getString(1));
            }
        }
        return tables;
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
        Map<Integer, String> writes = new TreeMap<>();
        while (!stop.get()) {
            int id = 1 + random.nextInt(250);
            writes.put(id, "w" + writes.size());
            try {
                scene.run(
                        random.nextInt(10) == 0
                                ? "DELETE FROM item WHERE id = " + id
                                : "UPDATE item SET name = '" + Objects.requireNonNull(writes.get(id)) + "' WHERE id = "
                                        + id);
                Thread.sleep(5);
            } catch (java.sql.SQLException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void emptyTableIsReadToItsEnd(LocalServers servers) throws Exception {
        Scene scene = new Scene(servers, "empties", "CREATE TABLE item (id int PRIMARY KEY, name text)");
        try (TestCapture capture = scene.capture()) {
            Scene.awaitState(capture, State.STREAMING);
            scene.run("ALTER TABLE item ADD COLUMN extra int DEFAULT 7");
            awaitLook(scene, shape -> shape.columns().size() == 3);
            scene.run("INSERT INTO item VALUES (1, 'a')", "ALTER TABLE item ADD COLUMN more int DEFAULT 9");
            scene.await(change -> change.after() != null
                    && List.of("1").contains(String.valueOf(change.after().get("id")))
                    && change.after().getSchema().getField("more") != null);
            assertThat(capture.failure()).isNull();
        }
    }
}
