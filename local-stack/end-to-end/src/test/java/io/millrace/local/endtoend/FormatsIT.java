package io.millrace.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A database that is captured several times, in every format and over both transports, and one of MariaDB in two. Whatever
 * happens to them, all of their tables are equal to them, and so to each other. The tests build on each other.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FormatsIT {
    private static final long SEED = Long.getLong("seed", 42);

    @AutoClose
    private static LivePipeline live;

    @BeforeAll
    static void startTheStack() throws Exception {
        live = LivePipeline.start(
                "formats",
                2400,
                LivePipeline.resource("formats.yaml"),
                Map.of(
                        "init.sql",
                        LivePipeline.resource("item.sql") + LivePipeline.resource("types.sql"),
                        "mariadb.sql",
                        LivePipeline.resource("mariadb.sql")));
    }

    @Test
    @Order(1)
    void everyTypeIsTheSameInEveryFormat() throws Exception {
        live.run("shop", LivePipeline.resource("types-changes.sql"));

        live.assertEqual("--table", "every_type", "--table", "composite_key");
    }

    @Test
    @Order(2)
    void sameHistoryMakesTheSameTables() throws Exception {
        randomChanges("shop", SEED);
        // Larger than any of the streams takes, stored outside of its row, and not sent again by PostgreSQL.
        live.run(
                "shop",
                "INSERT INTO item VALUES (-1, 'large',"
                        + " (SELECT string_agg(md5(n::text), '') FROM generate_series(1, 60000) n))",
                "UPDATE item SET name = 'large, untouched' WHERE id = -1",
                "INSERT INTO item SELECT -id, name, (SELECT string_agg(md5(n::text), '') FROM generate_series(1, 200) n)"
                        + " FROM item WHERE id BETWEEN 2 AND 60",
                "UPDATE item SET name = 'untouched note' WHERE id < -10",
                "UPDATE item SET id = id - 1000 WHERE id < -20",
                "UPDATE item SET name = 'soon gone' WHERE id < -1030",
                "DELETE FROM item WHERE id < -1040");

        live.assertEqual();
    }

    /** The replay stream is on the transport of the first source, which is Kafka. */
    @Test
    @Order(3)
    void deadLettersAreReplayedOverKafka() throws Exception {
        live.run("shop", "INSERT INTO badge VALUES (1, 'A-17')");
        live.assertEqual("--table", "badge");
        live.run("shop", "INSERT INTO badge VALUES (2, 'A-17')");
        live.awaitLetters(1, "shop.public.badge");
        String refusedAgain = live.replay("table=public.badge");
        live.run("shop", "UPDATE badge SET code = 'B-3' WHERE id = 1");
        live.assertEqualButFor("badge", 1);

        String applied = live.replay("table=public.badge");

        assertThat(refusedAgain).contains("refused again, RULE_BROKEN");
        assertThat(applied).contains("applied");
        live.assertEqual("--table", "badge");
    }

    /** Every type read and streamed, columns that come, and logs that end; MariaDB's server is killed with the others. */
    @Test
    @Order(4)
    void tablesOfMariadbAreEqualToTheirSource() throws Exception {
        live.run(
                "stock",
                "SET SESSION sql_mode = ''",
                "CREATE TEMPORARY TABLE copy SELECT * FROM every_type",
                "UPDATE copy SET id = id DIV 2 + 1000, a_timestamp_6 = coalesce(a_timestamp_6, '1970-01-01 00:00:01')",
                "INSERT INTO every_type SELECT * FROM copy",
                "UPDATE every_type SET id = id + 7, an_int = 7 WHERE id < 10",
                "UPDATE composite_key SET part_day = '2024-02-29' WHERE part_one = 'a'");
        randomChanges("stock", SEED);
        live.run("stock", "FLUSH BINARY LOGS", "ALTER TABLE item ADD COLUMN extra int NOT NULL DEFAULT 7");
        randomChanges("stock", SEED + 1);

        live.assertEqual();
    }

    @Test
    @Order(5)
    void killedProcessesLoseNothing() throws Exception {
        randomChanges("shop", SEED + 1);
        randomChanges("stock", SEED + 2);
        live.kill("kafka", "capture-shop-dms", "capture-shop-json", "mariadb");
        randomChanges("shop", SEED + 2);
        randomChanges("stock", SEED + 3);

        live.assertEqual();
    }

    /** Among other changes, in a transaction with them, of several tables at once, and with the job killed. */
    @Test
    @Order(6)
    void truncationsEmptyTheTablesInEveryFormat() throws Exception {
        randomChanges("shop", SEED + 3);
        live.run(
                "shop",
                "BEGIN",
                "INSERT INTO item SELECT i, 'gone before it was there', repeat(md5(i::text), 200)"
                        + " FROM generate_series(5000, 5300) i",
                "TRUNCATE item",
                "INSERT INTO item SELECT i, 'after the first', repeat(md5(i::text), 200) FROM generate_series(1, 200, 2) i",
                "COMMIT");
        live.kill("flink");
        randomChanges("shop", SEED + 4);
        live.assertEqual();

        live.run(
                "shop",
                "TRUNCATE item, composite_key",
                "INSERT INTO item SELECT i, 'after the second', NULL FROM generate_series(1, 50) i",
                "UPDATE item SET note = 'kept' WHERE id < 20",
                "DELETE FROM item WHERE id < 10");
        live.assertEqual();
    }

    private static void randomChanges(String source, long seed) throws SQLException {
        Random random = new Random(seed);
        try (Connection connection = live.connect(source);
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < 400; i++) {
                int id = 1 + random.nextInt(300);
                statement.execute(
                        switch (random.nextInt(6)) {
                            case 0 -> newItem(source, id, "new " + seed);
                            case 1 -> "DELETE FROM item WHERE id = " + id;
                            case 2 -> "UPDATE item SET id = id + " + (i + 1) * 1000 + " WHERE id = " + id;
                            case 3 -> "UPDATE item SET note = NULL WHERE id % 50 = " + id % 50;
                            default ->
                                "UPDATE item SET name = 'é " + i + "', note = repeat('x', " + i + ") WHERE id = " + id;
                        });
            }
        }
    }

    /** Adds an item that is not there yet. */
    private static String newItem(String source, int id, String name) {
        String insert = "INTO item (id, name) VALUES (" + id + ", '" + name + "')";
        return source.equals("stock") ? "INSERT IGNORE " + insert : "INSERT " + insert + " ON CONFLICT DO NOTHING";
    }
}
