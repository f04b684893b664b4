package io.millrace.local.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server's process as the launcher runs it. */
class PostgresServerIT {

    /** Unpacked once for all tests. */
    @TempDir
    private static Path binaries;

    @TempDir
    private Path directory;

    private final List<Process> started = new ArrayList<>();
    private int port;

    @BeforeEach
    void configure() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = free.getLocalPort();
        }
        Files.writeString(directory.resolve("databases.properties"), """
                0.name=shop
                0.user=millrace
                0.password=it's secret
                0.init=%s
                """.formatted(directory.resolve("shop.sql")));
        writeInit("CREATE TABLE item (id int PRIMARY KEY); INSERT INTO item VALUES (1);");
    }

    @AfterEach
    void stopAll() throws InterruptedException {
        for (Process process : started) {
            process.destroy();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void dataSurvivesAKillAndTheInitScriptRunsOnce() throws Exception {
        Process first = startReady();
        execute("INSERT INTO item VALUES (2)");
        first.destroyForcibly().waitFor();

        startReady();

        assertThat(query("SELECT count(*) FROM item")).isEqualTo(2);
        assertThat(query("SELECT count(*) FROM pg_roles WHERE rolname = 'millrace' AND rolreplication"))
                .isEqualTo(1);
    }

    @Test
    void aBrokenInitScriptIsToldWithItsLineAndRunsAgainWhenItIsRepaired() throws Exception {
        writeInit("CREATE TABLE item (id int PRIMARY KEY);\n\nselct 1;\n");

        assertThat(failure())
                .contains("Cannot run the init script of database shop: shop.sql: line 3: syntax error at or near"
                        + " \"selct\"");

        writeInit("CREATE TABLE item (id int PRIMARY KEY);");
        startReady();
        assertThat(query("SELECT count(*) FROM item")).isZero();
    }

    @Test
    void aTakenPortIsOneClearLine() throws Exception {
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThat(taken.isBound()).isTrue();

            assertThat(failure()).contains("Cannot start PostgreSQL on port " + port + ": the port is taken");
        }
    }

    private Process startReady() throws Exception {
        Path ready = directory.resolve("ready");
        Files.deleteIfExists(ready);
        Process process = start();
        await().atMost(Duration.ofSeconds(90)).until(() -> Files.exists(ready) || !process.isAlive());
        assertThat(process.isAlive()).as(Files.readString(log())).isTrue();
        return process;
    }

    private List<String> failure() throws Exception {
        Process process = start();
        assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        return Files.readAllLines(log());
    }

    private Process start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Duser.timezone=UTC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PostgresServer.class.getName(),
                        "--port",
                        Integer.toString(port),
                        "--data",
                        directory.resolve("data").toString(),
                        "--binaries",
                        binaries.toString(),
                        "--databases",
                        directory.resolve("databases.properties").toString())
                .redirectErrorStream(true)
                .redirectOutput(log().toFile());
        builder.environment()
                .put("MILLRACE_READY_FILE", directory.resolve("ready").toString());
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private Path log() {
        return directory.resolve("postgres.log");
    }

    private void writeInit(String sql) throws IOException {
        Files.writeString(directory.resolve("shop.sql"), sql);
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private long query(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            assertThat(result.next()).isTrue();
            return result.getLong(1);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:%d/shop".formatted(port), "millrace", "it's secret");
    }
}
