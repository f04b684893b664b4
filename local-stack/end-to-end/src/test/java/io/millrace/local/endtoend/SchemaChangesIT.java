package io.millrace.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The source's tables change under load while everything runs: both targets follow, and what they cannot follow is kept. */
class SchemaChangesIT {
    private static final long SEED = Long.getLong("seed", 42);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @AutoClose
    private static LivePipeline live;

    @BeforeAll
    static void startTheStack() throws Exception {
        live = LivePipeline.start(
                "schema-changes",
                2800,
                LivePipeline.resource("schema-changes.yaml"),
                Map.of("init.sql", LivePipeline.resource("schema-changes.sql")));
    }

    @Test
    void tablesFollowTheirSourceThroughEveryChangeOfSchema() throws Exception {
        try (Load load = new Load("items", "vectors", "strict", "log_first")) {
            load.awaitMore(300);
            live.run(
                    "shop",
                    "ALTER TABLE items ADD COLUMN note text",
                    "ALTER TABLE items ADD COLUMN level integer NOT NULL DEFAULT 3");
            load.awaitMore(100);
            live.run(
                    "shop",
                    "ALTER TABLE items ALTER COLUMN amount TYPE bigint",
                    "ALTER TABLE items ALTER COLUMN ratio TYPE double precision",
                    "ALTER TABLE items ALTER COLUMN price TYPE numeric(14, 2)",
                    "UPDATE items SET amount = 5000000000, price = 123456789012.25 WHERE id % 50 = 0");
            load.awaitMore(100);
            live.run("shop", "ALTER TABLE items DROP COLUMN obsolete");
            live.run("shop", "ALTER TABLE items RENAME COLUMN name TO title");
            load.awaitMore(100);
            live.run(
                    "shop",
                    "ALTER TABLE items ALTER COLUMN title DROP NOT NULL",
                    "UPDATE items SET title = NULL WHERE id % 30 = 0");
            // Whoever meets the next schema first has to wait for the registry.
            Thread outage = new Thread(() -> live.kill("registry"));
            outage.start();
            live.run(
                    "shop",
                    "BEGIN",
                    "ALTER TABLE vectors ADD COLUMN color text DEFAULT 'blue'",
                    "UPDATE vectors SET color = 'red' WHERE id % 3 = 0",
                    "ALTER TABLE vectors RENAME COLUMN name TO label",
                    "ALTER TABLE vectors ADD COLUMN stamp timestamptz DEFAULT clock_timestamp()",
                    "INSERT INTO vectors (id, label) VALUES (100000, 'in the same transaction')",
                    "COMMIT");
            outage.join();
            load.awaitMore(100);
            live.run("shop", "ALTER TABLE items DROP COLUMN wild", "ALTER TABLE items ADD COLUMN wild text");
            live.run(
                    "shop",
                    "CREATE TABLE log_second (id bigint PRIMARY KEY, amount integer, at timestamptz)",
                    "INSERT INTO log_second SELECT i, i, now() FROM generate_series(1, 500) i");
            load.also("log_second");
            load.awaitMore(200);
            Thread crash = new Thread(() -> live.kill("flink"));
            crash.start();
            live.run(
                    "shop",
                    "ALTER TABLE items ADD COLUMN late integer DEFAULT 9",
                    "ALTER TABLE vectors DROP COLUMN label");
            crash.join();
            load.awaitMore(200);
            live.run("shop", "ALTER TABLE vectors ALTER COLUMN amount TYPE bigint");
            live.kill("capture");
            load.awaitMore(200);
        }

        live.assertEqual();
        assertEverySnapshotIsReadable();
    }

    @Test
    void changeThatNoTargetCanFollowStopsItsTableAloneAndNothingIsLost() throws Exception {
        try (Load load = new Load("strict", "vectors")) {
            load.awaitMore(100);
            live.run("shop", "ALTER TABLE strict ALTER COLUMN code TYPE integer USING code::integer");
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> deadLetters("INCOMPATIBLE_SCHEMA", "shop.public.strict") > 0);
            load.awaitMore(50);
            live.run("shop", "ALTER TABLE strict ALTER COLUMN code TYPE text");
        }

        live.assertEqual("--table", "vectors", "--table", "items");
        live.assertEqual();
    }

    /** To be told from a changed type by nobody but a person, who takes the old column out of the way. */
    @Test
    void columnThatComesBackWithAnotherTypeFlowsWhenTheOldOneIsOutOfTheWay() throws Exception {
        live.assertEqual("--table", "comeback");
        live.run(
                "shop",
                "ALTER TABLE comeback DROP COLUMN wild",
                "ALTER TABLE comeback ADD COLUMN wild integer DEFAULT 7",
                "INSERT INTO comeback VALUES (1000, 1), (1001, NULL)");
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> keysOfDeadLetters("INCOMPATIBLE_SCHEMA", "shop.public.comeback") == 102);

        long before;
        try (LiveCatalog opened = LiveCatalog.of(live)) {
            Table table = opened.catalog().loadTable(TableIdentifier.of("shop", "comeback"));
            before = table.currentSnapshot().snapshotId();
            table.updateSchema().renameColumn("wild", "wild_text").commit();
        }
        live.deleteIndex("changes-comeback");
        live.replay("code=incompatible-schema", "table=public.comeback");

        live.assertEqual("--table", "comeback");
        try (LiveCatalog opened = LiveCatalog.of(live);
                CloseableIterable<Record> rows = IcebergGenerics.read(
                                opened.catalog().loadTable(TableIdentifier.of("shop", "comeback")))
                        .useSnapshot(before)
                        .build()) {
            assertThat(rows)
                    .hasSize(100)
                    .allSatisfy(row -> assertThat((String) row.getField("wild")).startsWith("wild "));
        }
    }

    @Test
    void changedKeyStopsItsTableAloneUntilItIsTheOldOneAgain() throws Exception {
        live.assertEqual("--table", "rekeyed");
        live.run(
                "shop",
                "ALTER TABLE rekeyed DROP CONSTRAINT rekeyed_pkey, ADD PRIMARY KEY (code)",
                "UPDATE rekeyed SET amount = amount + 1 WHERE id <= 10",
                "UPDATE vectors SET amount = -1 WHERE id <= 10");
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> deadLetters("KEY_CHANGED", "shop.public.rekeyed") >= 10);
        live.assertEqual("--table", "vectors");

        live.run(
                "shop",
                "ALTER TABLE rekeyed DROP CONSTRAINT rekeyed_pkey, ADD PRIMARY KEY (id)",
                "UPDATE rekeyed SET amount = amount + 1 WHERE id BETWEEN 5 AND 20");

        live.assertEqual("--table", "rekeyed");
    }

    private static int keysOfDeadLetters(String code, String table) throws IOException {
        Set<Object> keys = new HashSet<>();
        deadLetters(code, table, row -> keys.add(row.getField("row_key")));
        return keys.size();
    }

    private static long deadLetters(String code, String table) throws IOException {
        return deadLetters(code, table, row -> {});
    }

    private static long deadLetters(String code, String table, Consumer<Record> each) throws IOException {
        try (LiveCatalog catalog = LiveCatalog.of(live)) {
            TableIdentifier name = TableIdentifier.of("ops", "dead_letters");
            if (!catalog.catalog().tableExists(name)) {
                return 0;
            }
            long found = 0;
            try (CloseableIterable<Record> rows =
                    IcebergGenerics.read(catalog.catalog().loadTable(name)).build()) {
                for (Record row : rows) {
                    if (code.equals(row.getField("code")) && table.equals(row.getField("source_table"))) {
                        found++;
                        each.accept(row);
                    }
                }
            }
            return found;
        }
    }

    private static void assertEverySnapshotIsReadable() throws IOException {
        try (LiveCatalog opened = LiveCatalog.of(live)) {
            for (String name : List.of("items", "vectors", "strict", "log_first", "log_second")) {
                Table table = opened.table("shop." + name);
                int snapshots = 0;
                for (Snapshot snapshot : table.snapshots()) {
                    long rows = 0;
                    try (CloseableIterable<Record> records = IcebergGenerics.read(table)
                            .useSnapshot(snapshot.snapshotId())
                            .build()) {
                        for (Record row : records) {
                            assertThat(row.size()).isPositive();
                            rows++;
                        }
                    }
                    assertThat(rows)
                            .as("rows of %s at %s", name, snapshot.timestampMillis())
                            .isPositive();
                    snapshots++;
                }
                assertThat(snapshots).as("snapshots of %s", name).isPositive();
            }
        }
    }

    /** Changes rows of tables by columns that no change of schema takes away, one transaction after the other. */
    private static final class Load implements AutoCloseable {
        private final List<String> tables = new ArrayList<>();
        private final AtomicInteger changes = new AtomicInteger();
        private final AtomicReference<Throwable> failure = new AtomicReference<>();
        private final Thread worker = new Thread(this::work);
        private volatile boolean stopped;

        Load(String... names) {
            tables.addAll(List.of(names));
            worker.start();
        }

        synchronized void also(String table) {
            tables.add(table);
        }

        private synchronized String pick(Random random) {
            return tables.get(random.nextInt(tables.size()));
        }

        private void work() {
            Random random = new Random(SEED);
            try (Connection connection = live.connect("shop");
                    Statement statement = connection.createStatement()) {
                while (!stopped) {
                    change(statement, random);
                    Thread.sleep(5);
                }
            } catch (SQLException e) {
                failure.set(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void change(Statement statement, Random random) throws SQLException {
            String table = pick(random);
            int id = 1 + random.nextInt(400);
            String where = table.equals("log_first") ? " WHERE no = " + id % 50 : " WHERE id = " + id;
            try {
                statement.execute(
                        switch (random.nextInt(8)) {
                            case 0 -> "DELETE FROM " + table + where;
                            case 1 -> insert(table, id);
                            default -> "UPDATE " + table + " SET amount = " + random.nextInt(1000) + where;
                        });
                changes.incrementAndGet();
            } catch (SQLException e) {
                // A statement may meet a table that is being altered; anything else ends the load.
                if (!String.valueOf(e.getSQLState()).startsWith("40")) {
                    throw e;
                }
            }
        }

        private static String insert(String table, int id) {
            return switch (table) {
                case "log_first" -> "INSERT INTO log_first VALUES ('2026-02-01', " + id + ", 0) ON CONFLICT DO NOTHING";
                case "items" ->
                    "INSERT INTO items (id, amount, body) SELECT " + id + ", 0, 'short' WHERE EXISTS (SELECT 1 FROM"
                            + " information_schema.columns WHERE table_name = 'items' AND column_name = 'title'"
                            + " AND is_nullable = 'YES') ON CONFLICT DO NOTHING";
                default -> "INSERT INTO " + table + " (id, amount) VALUES (" + id + ", 0) ON CONFLICT DO NOTHING";
            };
        }

        /** Waits for this many changes more. */
        void awaitMore(int count) {
            int goal = changes.get() + count;
            Awaitility.await().atMost(PATIENCE).until(() -> failure.get() != null || changes.get() >= goal);
            assertThat(failure.get()).as("seed %d", SEED).isNull();
        }

        @Override
        public void close() throws InterruptedException {
            stopped = true;
            worker.join();
            assertThat(failure.get()).as("seed %d", SEED).isNull();
        }
    }
}
