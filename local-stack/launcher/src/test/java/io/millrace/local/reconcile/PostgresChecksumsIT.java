package io.millrace.local.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.event.TableId;
import io.millrace.schemas.pipeline.Database;
import io.millrace.schemas.pipeline.Secret;
import io.millrace.schemas.pipeline.TableRoute;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What PostgreSQL computes must be what is computed here of its rows. */
class PostgresChecksumsIT {
    private static final Buckets BUCKETS = new Buckets(8);

    private static EmbeddedPostgres postgres;

    @BeforeAll
    static void createTables() throws Exception {
        postgres = EmbeddedPostgres.builder()
                .setServerConfig("listen_addresses", "127.0.0.1")
                .start();
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(Files.readString(Path.of("../end-to-end/src/test/resources/pipelines/types.sql")));
            statement.execute("INSERT INTO composite_key VALUES ('\\||', '0a0a0a0a-0000-0000-0000-000000000001',"
                    + " '2024-02-29', ',\\,'), ('', '0a0a0a0a-0000-0000-0000-000000000001', '0044-03-15', NULL)");
            statement.execute("INSERT INTO every_type (id, a_text) SELECT n, repeat(chr(32 + n % 900), n % 7)"
                    + " FROM generate_series(100, 3000) AS n");
            statement.execute("CREATE TABLE others (id text PRIMARY KEY, i inet, v interval, c \"char\", n name,"
                    + " m money, x varbit, r int4range, f real[], b bytea[], t timestamp[], d date, z timetz)");
            statement.execute("INSERT INTO others VALUES (repeat('ü', 400), '10.0.0.1', '1 day 2h', 'x', 'n', 12.3,"
                    + " B'101', '[1,5)', '{1.5,NULL}', '{\"\\\\x00\",NULL}', '{\"2024-02-29 12:00:00\"}', 'infinity',"
                    + " '12:00:00+02')");
            statement.execute("CREATE TABLE listed (id text PRIMARY KEY, b bytea[], t timestamp[], q time[],"
                    + " two int[], c bpchar[], f numeric, g numeric[], d date)");
            statement.execute("INSERT INTO listed VALUES (repeat('ü', 400), '{\"\\\\x00\",NULL}',"
                    + " '{\"2024-02-29 12:00:00\",NULL}', '{\"24:00:00\",\"12:00:00.5\"}', '{1,2}', '{\"a  \",\"\"}', 100.500, '{1.50,NULL,0.0}', '2024-02-29'),"
                    + " ('none', '{}', NULL, '{NULL}', '{NULL,NULL}', NULL, NULL, '{}', NULL)");
        }
    }

    @AfterAll
    static void stopServer() throws Exception {
        postgres.close();
    }

    @Test
    void sqlAndJavaAgreeOnEveryType() {
        agree("every_type", List.of("id"));
    }

    @Test
    void sqlAndJavaAgreeOnKeysOfSeveralColumns() {
        agree("composite_key", List.of("part_one", "part_two", "part_day"));
    }

    @Test
    void sqlAndJavaAgreeOnArraysAndLongKeys() {
        agree("listed", List.of("id"));
    }

    @Test
    void tableWithAColumnThatSqlCannotTellIsReadHere() {
        SourceTable source = open("others", List.of("id"));
        try (TableView view = source.open()) {
            assertThat(view.checksums(BUCKETS).rows()).isEqualTo(1);
        }
    }

    @Test
    void rowsOfTablesThatInheritAreNotTheTablesOwn() {
        SourceTable source = open("rare_types", List.of("id", "valid to"));
        try (TableView view = source.open()) {
            assertThat(view.checksums(BUCKETS).rows()).isEqualTo(5);
        }
    }

    @Test
    void rowsAreFoundByTheKeysThatTargetsHave() {
        SourceTable source = open("rare_types", List.of("id", "valid to"));
        Map<String, List<String>> keys = new HashMap<>();
        try (TableView view = source.open()) {
            view.scan(BucketSet.ALL, row -> keys.put(row.id(), source.table().key(row.values())));
        }
        keys.put("none", List.of("1", "someday"));

        assertThat(source.find(keys))
                .hasSize(5)
                .containsOnlyKeys(
                        keys.keySet().stream().filter(id -> !id.equals("none")).toList());
    }

    @Test
    void numberOfRowsIsEstimatedOnceTheTableIsAnalyzed() throws Exception {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("ANALYZE every_type");
        }
        try (TableView view = open("every_type", List.of("id")).open()) {
            assertThat(view.estimatedRows()).isBetween(2900L, 2920L);
        }
    }

    @Test
    void someBucketsAreReadAlone() {
        SourceTable source = open("every_type", List.of("id"));
        try (TableView view = source.open()) {
            java.util.BitSet chosen = new java.util.BitSet();
            chosen.set(3);
            chosen.set(200);
            List<Integer> read = new ArrayList<>();

            view.scan(
                    new BucketSet(BUCKETS, chosen),
                    row -> read.add(BUCKETS.of(source.table().keyDigest(row))));

            assertThat(read).isNotEmpty().containsOnly(3, 200);
        }
    }

    @Test
    void viewStaysAtItsMoment() throws Exception {
        SourceTable source = open("composite_key", List.of("part_one", "part_two", "part_day"));
        try (TableView view = source.open();
                Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            long before = view.checksums(BUCKETS).rows();
            statement.execute("INSERT INTO composite_key VALUES ('later', '0a0a0a0a-0000-0000-0000-000000000001',"
                    + " '2024-02-29', NULL)");

            assertThat(view.checksums(BUCKETS).rows()).isEqualTo(before);
            assertThat(view.moment()).contains("/");
        }
    }

    private static void agree(String table, List<String> key) {
        SourceTable source = open(table, key);
        try (TableView view = source.open()) {
            BucketChecksums here = new BucketChecksums(BUCKETS);
            view.scan(
                    BucketSet.ALL,
                    row -> here.add(
                            source.table().keyDigest(row), source.table().digest(row)));
            long bytesOfRows = source.bytesRead();

            BucketChecksums there = view.checksums(BUCKETS);

            assertThat(here.rows()).isPositive();
            assertThat(there.rows()).isEqualTo(here.rows());
            assertThat(there.differing(here).numbers()).isEmpty();
            assertThat(source.bytesRead()).isGreaterThan(bytesOfRows);
        }
    }

    private static SourceTable open(String table, List<String> key) {
        TableRoute route = new TableRoute(new TableId("shop", "public", table), key, null, null);
        return SourceTable.open(
                new Database(
                        Database.Kind.POSTGRESQL,
                        "127.0.0.1",
                        postgres.getPort(),
                        "postgres",
                        "postgres",
                        new Secret("postgres"),
                        null),
                route,
                new ColumnMasks(route, Optional.empty()));
    }
}
