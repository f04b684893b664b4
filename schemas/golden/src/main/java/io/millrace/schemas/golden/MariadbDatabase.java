package io.millrace.schemas.golden;

import io.millrace.local.mariadb.Mariadbd;
import io.millrace.local.process.ChildServer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/** A MariaDB server. Zero dates and silent conversions are allowed, as by its older configurations. */
record MariadbDatabase(ChildServer server, int port) implements GoldenDatabase {
    private static final String PASSWORD = "golden";

    static MariadbDatabase start() throws Exception {
        Path directory = Files.createTempDirectory("golden-mariadb");
        Mariadbd programs = Mariadbd.unpack(directory);
        Path data = directory.resolve("data");
        programs.initialize(data, PASSWORD);
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = free.getLocalPort();
        }
        MariadbDatabase database = new MariadbDatabase(programs.start(data, port, "--sql-mode="), port);
        database.awaitAnswer();
        return database;
    }

    private void awaitAnswer() throws InterruptedException {
        while (true) {
            try (Connection connection = DriverManager.getConnection(url(""), Mariadbd.SUPERUSER, PASSWORD);
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE DATABASE golden");
                return;
            } catch (SQLException notYet) {
                Thread.sleep(200);
            }
        }
    }

    private String url(String database) {
        // The driver would make sessions strict.
        return "jdbc:mariadb://127.0.0.1:" + port + "/" + database + "?jdbcCompliantTruncation=false";
    }

    @Override
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url("golden"), Mariadbd.SUPERUSER, PASSWORD);
    }

    @Override
    public Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put("connector.class", "io.debezium.connector.mariadb.MariaDbConnector");
        settings.put("database.hostname", "127.0.0.1");
        settings.put("database.port", Integer.toString(port));
        settings.put("database.user", Mariadbd.SUPERUSER);
        settings.put("database.password", PASSWORD);
        settings.put("database.server.id", "7001");
        settings.put("database.include.list", "golden");
        settings.put("bigint.unsigned.handling.mode", "precise");
        settings.put("enable.time.adjuster", "false");
        settings.put("driver.yearIsDateType", "false");
        settings.put("schema.history.internal", "io.debezium.relational.history.MemorySchemaHistory");
        return settings;
    }

    @Override
    public String snapshotScript() {
        return "mariadb-snapshot.sql";
    }

    @Override
    public String streamingScript() {
        return "mariadb-streaming.sql";
    }

    @Override
    public String lastOperation() {
        return "c";
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }
}
