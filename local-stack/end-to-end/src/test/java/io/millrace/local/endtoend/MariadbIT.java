package io.millrace.local.endtoend;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A MariaDB that is captured in Avro and in JSON. */
class MariadbIT {
    private static final long SEED = Long.getLong("seed", 42);

    private static LivePipeline live;

    @BeforeAll
    static void startTheStack() throws Exception {
        live = LivePipeline.start(
                "mariadb",
                3200,
                LivePipeline.resource("mariadb.yaml"),
                Map.of("mariadb.sql", LivePipeline.resource("mariadb.sql")));
    }

    @AfterAll
    static void stopTheStack() throws Exception {
        live.stop();
    }

    /** Every type read and streamed, columns that come and go, logs that end, and a server that is killed. */
    @Test
    void tablesOfMariadbAreEqualToTheirSource() throws Exception {
        live.run(
                "stock",
                "SET SESSION sql_mode = ''",
                "CREATE TEMPORARY TABLE copy SELECT * FROM every_type",
                "UPDATE copy SET id = id DIV 2 + 1000, a_timestamp_6 = coalesce(a_timestamp_6, '1970-01-01 00:00:01')",
                "INSERT INTO every_type SELECT * FROM copy",
                "UPDATE every_type SET id = id + 7, an_int = 7 WHERE id < 10",
                "UPDATE composite_key SET part_day = '2024-02-29' WHERE part_one = 'a'");
        randomChangesOfStock(SEED);
        live.run("stock", "FLUSH BINARY LOGS", "ALTER TABLE item ADD COLUMN extra int NOT NULL DEFAULT 7");
        randomChangesOfStock(SEED + 1);
        live.kill("mariadb", "capture-stock");
        randomChangesOfStock(SEED + 2);

        live.assertEqual();
    }

    private static void randomChangesOfStock(long seed) throws SQLException {
        Random random = new Random(seed);
        try (Connection connection = live.connect("stock");
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < 300; i++) {
                int id = 1 + random.nextInt(300);
                statement.execute(
                        switch (random.nextInt(6)) {
                            case 0 -> "INSERT IGNORE INTO item (id, name) VALUES (" + id + ", 'new " + seed + "')";
                            case 1 -> "DELETE FROM item WHERE id = " + id;
                            case 2 -> "UPDATE item SET id = id + " + (i + 1) * 1000 + " WHERE id = " + id;
                            case 3 -> "UPDATE item SET note = NULL WHERE id % 50 = " + id % 50;
                            default ->
                                "UPDATE item SET name = 'é " + i + "', note = repeat('x', " + i + ") WHERE id = " + id;
                        });
            }
        }
    }
}
