package io.millrace.local.postgres;

import io.millrace.local.process.CannotStart;
import io.millrace.local.process.ChildServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Makes and starts PostgreSQL's servers. */
final class Postmaster {

    /** SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one. */
    private static final ChildServer.Kind KIND =
            new ChildServer.Kind("PostgreSQL", "postgres", List.of("-INT", "-QUIT", "-KILL"));

    /** The server's settings; see the README for what they give up. */
    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("listen_addresses", "127.0.0.1"),
            Map.entry("unix_socket_directories", ""),
            Map.entry("wal_level", "logical"),
            Map.entry("max_wal_senders", "32"),
            Map.entry("max_replication_slots", "32"),
            Map.entry("max_connections", "200"),
            Map.entry("timezone", "UTC"),
            Map.entry("log_timezone", "UTC"),
            Map.entry("log_min_messages", "warning"),
            Map.entry("max_wal_size", "2GB"),
            Map.entry("fsync", "off"),
            Map.entry("full_page_writes", "off"));

    private static final Map<String, String> ENVIRONMENT = Map.of("LC_ALL", "C", "TZ", "UTC");

    private Postmaster() {}

    /** Creates an empty data directory for a server, unless there is one. */
    static void initialize(Binaries binaries, Path data, String superuser, String password)
            throws IOException, InterruptedException, CannotStart {
        if (Files.exists(data.resolve("PG_VERSION"))) {
            return;
        }
        Path part = data.resolveSibling(data.getFileName() + ".part");
        Path secret = Files.createTempFile("millrace-", ".password");
        try {
            Files.writeString(secret, password);
            int exit = run(List.of(
                    binaries.program("initdb").toString(),
                    "--pgdata=" + emptied(part),
                    "--username=" + superuser,
                    "--pwfile=" + secret,
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--no-locale",
                    "--no-sync",
                    "--no-instructions"));
            if (exit != 0) {
                throw new CannotStart("Cannot create the data directory of PostgreSQL: " + data);
            }
            Files.move(part, data);
        } finally {
            Files.delete(secret);
        }
    }

    static ChildServer start(Binaries binaries, Path data, int port) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(binaries.program("postgres").toString(), "-D", data.toString(), "-p", Integer.toString(port)));
        SETTINGS.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        return ChildServer.start(KIND, asUser(command), ENVIRONMENT);
    }

    /** Stops the server that a killed process left behind. */
    static void stopOrphan(Path data) throws IOException, InterruptedException {
        ChildServer.stopOrphan(KIND, data.resolve("postmaster.pid"), data.toString());
    }

    private static int run(List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(asUser(command));
        builder.environment().putAll(ENVIRONMENT);
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .start()
                .waitFor();
    }

    /** PostgreSQL refuses to run as root: then it is a user without rights outside, who owns root's files. */
    private static List<String> asUser(List<String> command) {
        List<String> full = new ArrayList<>(isRoot() ? List.of("unshare", "--user") : List.of());
        full.addAll(command);
        return full;
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
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
