package io.millrace.local.demo.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The workload on a real PostgreSQL. */
class WorkloadIT {
    private static final long SEED = Long.getLong("seed", 20261121L);
    private static EmbeddedPostgres postgres;

    @BeforeAll
    static void createDatabase() throws Exception {
        postgres = EmbeddedPostgres.builder()
                .setServerConfig("listen_addresses", "127.0.0.1")
                .start();
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(Files.readString(Path.of("../../pipelines/logistics.sql")));
            statement.execute(Files.readString(Path.of("../../pipelines/helpdesk.sql")));
        }
    }

    @AfterAll
    static void stopDatabase() throws Exception {
        postgres.close();
    }

    @Test
    void countsExactlyWhatItCommits() throws Exception {
        Map<LogisticsTable, Long> before = rowCounts();
        Workload workload = Workload.start(config(5_000, 2));
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> workload.failure() != null || workload.counts().changes() > 10_000);
        WorkloadCounts counts = workload.stop();

        assertThat(workload.failure()).as("seed %d", SEED).isNull();
        assertThat(counts.refused()).as("seed %d", SEED).isZero();
        assertThat(counts.rollbacks()).isPositive();
        Map<LogisticsTable, Long> after = rowCounts();
        for (LogisticsTable table : LogisticsTable.values()) {
            assertThat(Objects.requireNonNull(after.get(table)) - Objects.requireNonNull(before.get(table)))
                    .as("growth of %s, seed %d", table, SEED)
                    .isEqualTo(counts.changes(table, RowOperation.INSERT) - counts.changes(table, RowOperation.DELETE));
        }
    }

    @Test
    void keepsTheRateItIsGiven() throws Exception {
        Workload workload = Workload.start(config(300, 3));
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> workload.counts().elapsed().toSeconds() >= 4);
        WorkloadCounts counts = workload.stop();

        assertThat(counts.rate()).as("seed %d", SEED).isBetween(240.0, 345.0);
    }

    @Test
    void storesLargeTextsOutsideOfTheirRows() throws Exception {
        Workload workload = Workload.start(config(2_000, 2));
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> workload.failure() != null || workload.counts().changes() > 1_000);
        workload.stop();

        assertThat(workload.failure()).as("seed %d", SEED).isNull();

        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT count(*) FROM tickets WHERE pg_column_toast_chunk_id(description) IS NOT NULL")) {
            row.next();
            assertThat(row.getLong(1)).isPositive();
        }
    }

    private static WorkloadConfig config(double rate, int lanes) {
        return WorkloadConfig.inOneDatabase(
                new WorkloadConfig.Login(postgres.getJdbcUrl("postgres", "postgres"), "postgres", "postgres"),
                rate,
                lanes,
                SEED);
    }

    private static Map<LogisticsTable, Long> rowCounts() throws Exception {
        Map<LogisticsTable, Long> counts = new EnumMap<>(LogisticsTable.class);
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            for (LogisticsTable table : LogisticsTable.values()) {
                try (ResultSet row = statement.executeQuery("SELECT count(*) FROM " + table.qualifiedName())) {
                    row.next();
                    counts.put(table, row.getLong(1));
                }
            }
        }
        return counts;
    }
}
