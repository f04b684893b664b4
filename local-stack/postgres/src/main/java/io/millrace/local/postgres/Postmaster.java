package io.millrace.local.postgres;

import io.millrace.local.process.CannotStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database server's own process, a child of this one.
 *
 * <p>It outlives this process if that is killed; the next start on the same data directory stops it first.
 */
final class Postmaster {

    private static final Logger LOG = LoggerFactory.getLogger(Postmaster.class);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(8);

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

    private final Process process;

    private Postmaster(Process process) {
        this.process = process;
    }

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
            Process initdb = start(List.of(
                    binaries.program("initdb").toString(),
                    "--pgdata=" + emptied(part),
                    "--username=" + superuser,
                    "--pwfile=" + secret,
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--no-locale",
                    "--no-sync",
                    "--no-instructions"));
            if (initdb.waitFor() != 0) {
                throw new CannotStart("Cannot create the data directory of PostgreSQL: " + data);
            }
            Files.move(part, data);
        } finally {
            Files.delete(secret);
        }
    }

    static Postmaster start(Binaries binaries, Path data, int port) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(binaries.program("postgres").toString(), "-D", data.toString(), "-p", Integer.toString(port)));
        SETTINGS.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        return new Postmaster(start(command));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Calls back when the server has ended, for whatever reason. */
    void onExit(Runnable callback) {
        var unused = process.onExit().thenRun(callback);
    }

    /** Stops the server without waiting for its clients. */
    void stop() throws IOException, InterruptedException {
        stop(process.toHandle());
    }

    /** Stops the server that a killed process left behind; one that serves another directory stays. */
    static void stopOrphan(Path data) throws IOException, InterruptedException {
        Path file = data.resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return;
        }
        Optional<ProcessHandle> orphan = Files.readAllLines(file).stream()
                .findFirst()
                .map(pid -> Long.parseLong(pid.strip()))
                .flatMap(ProcessHandle::of)
                .filter(process -> serves(process.info(), data));
        if (orphan.isPresent()) {
            LOG.warn("Stopping the server of an earlier run: {}", orphan.get().pid());
            stop(orphan.get());
        }
    }

    private static boolean serves(ProcessHandle.Info process, Path data) {
        return process.command().filter(command -> command.endsWith("postgres")).isPresent()
                && process.arguments()
                        .filter(arguments -> Arrays.asList(arguments).contains(data.toString()))
                        .isPresent();
    }

    private static void stop(ProcessHandle server) throws IOException, InterruptedException {
        // SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one.
        for (String signal : List.of("-INT", "-QUIT", "-KILL")) {
            if (!server.isAlive()) {
                return;
            }
            new ProcessBuilder("kill", signal, Long.toString(server.pid()))
                    .start()
                    .waitFor();
            try {
                server.onExit().get(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                LOG.warn("PostgreSQL does not stop on {}", signal);
            } catch (ExecutionException e) {
                throw new IOException(e);
            }
        }
    }

    private static Process start(List<String> command) throws IOException {
        List<String> full = new ArrayList<>();
        if (isRoot()) {
            // PostgreSQL refuses to run as root: here it is a user without rights outside, who owns root's files.
            full.addAll(List.of("unshare", "--user"));
        }
        full.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(full);
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("TZ", "UTC");
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .start();
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
