package io.millrace.local.mariadb;

import io.millrace.local.process.CannotStart;
import io.millrace.local.process.ChildServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Makes and starts MariaDB's servers. */
public final class Mariadbd {
    /** Who may do everything, from 127.0.0.1 only. */
    public static final String SUPERUSER = "root";

    private static final ChildServer.Kind KIND = new ChildServer.Kind("MariaDB", "mariadbd", List.of("-TERM", "-KILL"));

    /** The server's settings; see the README for what they give up. */
    private static final List<String> SETTINGS = List.of(
            "--bind-address=127.0.0.1",
            "--skip-name-resolve",
            // Without, each start makes a key, which takes long.
            "--skip-ssl",
            "--socket=mariadbd.sock",
            "--default-time-zone=+00:00",
            "--character-set-server=utf8mb4",
            "--log-bin=mariadb-bin",
            "--binlog-format=ROW",
            "--binlog-row-image=FULL",
            "--log-bin-trust-function-creators=1",
            "--sync-binlog=0",
            "--innodb-flush-log-at-trx-commit=2",
            "--innodb-buffer-pool-size=64M",
            "--innodb-log-file-size=32M",
            "--max-connections=200",
            "--max-allowed-packet=64M",
            "--log-warnings=1",
            "--server-id=1");

    /** What makes the server's own tables, in this order. */
    private static final List<String> SYSTEM_TABLES = List.of(
            "mariadb_system_tables.sql",
            "mariadb_performance_tables.sql",
            "mariadb_system_tables_data.sql",
            "maria_add_gis_sp_bootstrap.sql",
            "mariadb_sys_schema.sql");

    private final Binaries binaries;

    private Mariadbd(Binaries binaries) {
        this.binaries = binaries;
    }

    /**
     * The programs for this machine.
     *
     * @param cache where they are unpacked, once; may be shared by processes that start at the same time
     */
    public static Mariadbd unpack(Path cache) throws IOException, CannotStart {
        return new Mariadbd(Binaries.unpack(cache));
    }

    /** Creates a data directory with nothing but the superuser, unless there is one. */
    public void initialize(Path data, String password) throws IOException, InterruptedException, CannotStart {
        if (Files.exists(data.resolve("mysql"))) {
            return;
        }
        Path part = data.resolveSibling(data.getFileName() + ".part");
        Files.createDirectories(emptied(part));
        Path script = Files.createTempFile("millrace-", ".sql");
        try {
            Files.writeString(script, bootstrap(password));
            List<String> command = command(part);
            command.addAll(List.of(
                    "--bootstrap", "--log-warnings=0", "--innodb-log-file-size=32M", "--max-allowed-packet=8M"));
            int exit = new ProcessBuilder(command)
                    .redirectInput(script.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new CannotStart("Cannot create the data directory of MariaDB: " + data);
            }
            Files.move(part, data, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.delete(script);
        }
    }

    /** The server reads a statement up to a semicolon at the end of a line. */
    private String bootstrap(String password) throws IOException {
        StringBuilder sql = new StringBuilder("CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket = NULL;\n");
        for (String script : SYSTEM_TABLES) {
            sql.append(binaries.script(script)).append('\n');
        }
        return sql.append("DELETE FROM mysql.global_priv WHERE User = 'root' AND Host <> '127.0.0.1';\n")
                .append("UPDATE mysql.global_priv SET Priv = JSON_SET(Priv, '$.plugin', 'mysql_native_password',")
                .append(" '$.authentication_string', PASSWORD('" + Databases.escaped(password) + "'))")
                .append(" WHERE User = 'root';\n")
                .toString();
    }

    /**
     * Starts a server; when it answers is for others to find out.
     *
     * @param settings more options of the server, which win over those that it gets anyway
     */
    public ChildServer start(Path data, int port, String... settings) throws IOException {
        List<String> command = command(data);
        command.addAll(SETTINGS);
        command.add("--port=" + port);
        command.add("--pid-file=" + pidFile(data));
        command.addAll(List.of(settings));
        return ChildServer.start(KIND, command, Map.of("TZ", "UTC"));
    }

    /** Stops the server that a killed process left behind. */
    public void stopOrphan(Path data) throws IOException, InterruptedException {
        ChildServer.stopOrphan(KIND, pidFile(data), "--datadir=" + data);
    }

    private List<String> command(Path data) {
        Path share = binaries.directory().resolve("share");
        List<String> command = new ArrayList<>(List.of(
                binaries.program().toString(),
                "--no-defaults",
                "--basedir=" + binaries.directory(),
                "--datadir=" + data,
                "--lc-messages-dir=" + share,
                "--character-sets-dir=" + share.resolve("charsets")));
        if (System.getProperty("user.name").equals("root")) {
            // Without being told, it refuses to run as root.
            command.add("--user=root");
        }
        return command;
    }

    private static Path pidFile(Path data) {
        return data.resolve("mariadbd.pid");
    }

    private static Path emptied(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        return directory;
    }
}
