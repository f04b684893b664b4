package io.millrace.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import io.millrace.capture.status.CaptureStatus.State;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalServers.Extension.class)
class UnsentValuesIT {

    /** PostgreSQL keeps the text outside of the row, and leaves it out of an update that does not change it. */
    @Test
    void aRowUnderANewKeyHasItsLargeValues(LocalServers servers) throws Exception {
        Scene scene = new Scene(
                servers,
                "rekeyed",
                "CREATE TABLE item (id int PRIMARY KEY, name text)",
                "ALTER TABLE item ALTER COLUMN name SET STORAGE EXTERNAL",
                "INSERT INTO item SELECT i, repeat(md5(i::text), 200) FROM generate_series(1, 5) i");
        try (TestCapture capture = scene.capture()) {
            Scene.awaitState(capture, State.STREAMING);
            scene.run("UPDATE item SET id = id + 1000", "INSERT INTO item VALUES (0, 'end')");
            scene.awaitRows(1001, 1005);
            scene.assertConsumedIsEqual();
        }
    }

    /** A commit that waits for a standby is on the replication stream, but no other session sees its rows. */
    @Test
    void aRowUnderANewKeyIsReadOnceItsTransactionIsVisible(LocalServers servers) throws Exception {
        Scene scene = new Scene(
                servers,
                "rekeyed_early",
                "CREATE TABLE item (id int PRIMARY KEY, name text)",
                "ALTER TABLE item ALTER COLUMN name SET STORAGE EXTERNAL",
                "INSERT INTO item VALUES (1, repeat('large', 2000))");
        try (TestCapture capture = scene.capture();
                Connection session = scene.connect();
                Statement statement = session.createStatement()) {
            Scene.awaitState(capture, State.STREAMING);
            scene.run("ALTER SYSTEM SET synchronous_standby_names = 'nobody'", "SELECT pg_reload_conf()");
            CompletableFuture<Void> commit;
            try {
                Thread.sleep(1_000); // until the server has taken the setting in
                statement.execute("SET synchronous_commit = on");
                commit = CompletableFuture.runAsync(() -> {
                    try {
                        statement.execute("UPDATE item SET id = 2");
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                });
                Thread.sleep(2_000); // ample time to read the row too early
                assertThat(commit).as("waits for the standby").isNotDone();
            } finally {
                scene.run("ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()");
            }
            commit.join();
            scene.awaitRow(2);
        }
        scene.assertConsumedIsEqual();
    }

    /** Debezium knows no placeholder for them, and would make nulls of what did not change. */
    @Test
    void arraysThatDidNotChangeAreNoNulls(LocalServers servers) throws Exception {
        // Elements' types, and elements of a number n.
        String[][] arrays = {
            {"double precision", "n / 8.0"},
            {"real", "n / 8.0"},
            {"boolean", "n % 2 = 0"},
            {"smallint", "n"},
            {"numeric(9,2)", "n / 100.0"},
            {"numeric", "n / 1000.0"},
            {"timestamp", "timestamp '2024-02-29' + n * interval '1 s'"},
            {"timestamptz", "timestamptz '2024-02-29 00:00:00Z' + n * interval '1 s'"},
            {"time", "time '00:00' + n * interval '1 s'"},
            {"citext", "n::text::citext"},
            {"inet", "'10.0.0.1'::inet + n"},
            {"oid", "n::oid"},
            {"interval", "n * interval '1 s'"},
            {"money", "n::money"},
            {"point", "point(n, n)"},
            {"mood", "'happy'::mood"}
        };
        StringBuilder table = new StringBuilder("CREATE TABLE item (id int PRIMARY KEY, name text, content text");
        StringBuilder rows = new StringBuilder("INSERT INTO item SELECT 1, 'before', repeat('large', 2000)");
        List<String> storage = new ArrayList<>(List.of("ALTER TABLE item ALTER COLUMN content SET STORAGE EXTERNAL"));
        for (int i = 0; i < arrays.length; i++) {
            table.append(", a").append(i).append(' ').append(arrays[i][0]).append("[]");
            rows.append(", (SELECT array_agg(").append(arrays[i][1]).append(") FROM generate_series(1, 3000) n)");
            storage.add("ALTER TABLE item ALTER COLUMN a" + i + " SET STORAGE EXTERNAL");
        }
        List<String> statements = new ArrayList<>(List.of(
                "CREATE EXTENSION citext",
                "CREATE TYPE mood AS ENUM ('happy')",
                table.append(")").toString()));
        statements.addAll(storage);
        Scene scene = new Scene(servers, "unsent_arrays", statements.toArray(String[]::new));
        try (TestCapture capture = scene.capture()) {
            Scene.awaitState(capture, State.STREAMING);
            scene.run(rows.toString(), "INSERT INTO item VALUES (2, 'has none')");
            scene.awaitRows(1, 2);
            GenericRecord before = row(scene, 1);
            scene.run("UPDATE item SET name = 'after'");
            // What is read is as new as the table.
            scene.await(change ->
                    change.operation().equals("u") && change.partitionKey().endsWith("|1"));
            GenericRecord updated = row(scene, 1);
            scene.run("UPDATE item SET id = id + 10");
            scene.awaitRows(11, 12);
            GenericRecord after = row(scene, 11);
            GenericRecord none = row(scene, 12);

            assertThat(after.get("content")).isEqualTo(before.get("content"));
            for (int i = 0; i < arrays.length; i++) {
                assertThat(before.get("a" + i))
                        .as(arrays[i][0])
                        .asInstanceOf(LIST)
                        .hasSize(3000);
                assertThat(updated.get("a" + i)).as(arrays[i][0]).isEqualTo(before.get("a" + i));
                assertThat(after.get("a" + i)).as(arrays[i][0]).isEqualTo(before.get("a" + i));
                assertThat(none.get("a" + i)).as(arrays[i][0]).isNull();
            }
        }
    }

    @Test
    void rowsAreFoundByKeysOfAnyType(LocalServers servers) throws Exception {
        String[] key = {
            "id",
            "a_uuid",
            "a_day",
            "an_end",
            "a_moment",
            "a_time",
            "a_second",
            "a_clock",
            "a_number",
            "a_share",
            "a_text",
            "a_char",
            "a_flag",
            "some_bytes",
            "a_span",
            "a_mood",
            "an_address",
            "some_texts",
            "some_days"
        };
        Scene scene = new Scene(
                servers,
                "unsent_keys",
                "CREATE TYPE mood AS ENUM ('happy')",
                """
                CREATE TABLE item (id int, a_uuid uuid, a_day date, an_end date, a_moment timestamptz, a_time timestamp(3),
                  a_second timestamp, a_clock time, a_number numeric(12,2), a_share numeric, a_text text, a_char char(5),
                  a_flag boolean, some_bytes bytea, a_span interval, a_mood mood, an_address inet, some_texts text[],
                  some_days date[], note text, points double precision[], PRIMARY KEY (%s))""".formatted(String.join(", ", key)),
                "ALTER TABLE item ALTER COLUMN points SET STORAGE EXTERNAL",
                """
                INSERT INTO item SELECT i, '0a0a0a0a-0000-0000-0000-000000000001', '2024-02-29', 'infinity',
                  '2024-02-29 12:00:00.123456Z', '10024-02-29 12:00:00.123', '2024-02-29 12:00:00.123456', '24:00', 12.50, 0.125,
                  'é', 'abc', true, 'bytes', '1 day 2 hours', 'happy', '10.0.0.1', '{"a \\"quoted\\" one", NULL}',
                  '{2024-02-29}', NULL, (SELECT array_agg(n / 8.0) FROM generate_series(1, 3000) n)
                FROM generate_series(1, 3) i""");
        try (TestCapture capture = new TestCapture(
                servers.source()
                        .config(
                                "unsent_keys",
                                servers.kinesis().connection(),
                                SourceServer.table("unsent_keys", "public", "item", key)),
                scene.objects())) {
            Scene.awaitState(capture, State.STREAMING);
            scene.run("UPDATE item SET note = 'changed'");
            for (int id = 1; id <= 3; id++) {
                int row = id;
                scene.await(change -> change.operation().equals("u")
                        && String.valueOf(change.after()).startsWith("{\"id\": " + row + ","));
            }
            assertThat(capture.failure()).isNull();
        }
        assertThat(scene.changes())
                .filteredOn(change -> change.operation().equals("u"))
                .hasSize(3)
                .allSatisfy(change -> assertThat(
                                Objects.requireNonNull(change.after()).get("points"))
                        .asInstanceOf(LIST)
                        .hasSize(3000));
    }

    /** The row cannot be read any more; its delete follows. */
    @Test
    void arrayOfARowThatIsGoneStopsNothing(LocalServers servers) throws Exception {
        Scene scene = new Scene(
                servers,
                "unsent_gone",
                "CREATE TABLE item (id int PRIMARY KEY, name text, points double precision[] NOT NULL)",
                "ALTER TABLE item ALTER COLUMN points SET STORAGE EXTERNAL");
        try (TestCapture capture = scene.capture()) {
            Scene.awaitState(capture, State.STREAMING);
            scene.run(
                    "INSERT INTO item SELECT i, 'before', (SELECT array_agg(n / 8.0) FROM generate_series(1, 3000) n)"
                            + " FROM generate_series(1, 3) i",
                    "BEGIN",
                    "UPDATE item SET name = 'soon gone' WHERE id < 3",
                    "DELETE FROM item WHERE id = 1",
                    "UPDATE item SET id = 4 WHERE id = 2",
                    "COMMIT",
                    "INSERT INTO item VALUES (0, 'end', '{}')");
            scene.awaitRow(0);
            scene.assertConsumedIsEqual();
            assertThat(capture.failure()).isNull();
        }
        assertThat(row(scene, 4).get("points")).asInstanceOf(LIST).hasSize(3000);
    }

    private static GenericRecord row(Scene scene, int id) {
        return Change.latest(scene.changes()).values().stream()
                .filter(row -> row.get("id").equals(id))
                .findFirst()
                .orElseThrow();
    }
}
