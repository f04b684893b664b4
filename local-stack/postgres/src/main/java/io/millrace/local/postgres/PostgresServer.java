package io.millrace.local.postgres;

import io.millrace.local.process.CannotStart;
import io.millrace.local.process.ChildServer;
import io.millrace.local.process.LocalDatabase;
import io.millrace.local.process.LocalPort;
import io.millrace.local.process.ServerCommand;
import io.millrace.local.process.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** PostgreSQL's process: unpacks and starts the server, and creates the databases that are asked for. */
@Command(name = "postgres")
public final class PostgresServer implements ServerCommand {

    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final int PAUSE_MILLIS = 50;

    @Option(names = "--port", required = true)
    private int port;

    @Option(names = "--data", required = true)
    private Path data;

    @Option(names = "--binaries", required = true, description = "Where the server's programs are unpacked.")
    private Path binaries;

    @Option(names = "--databases", description = "A properties file with the databases to create.")
    private @Nullable Path databases;

    @Option(names = "--superuser", defaultValue = "postgres")
    private String superuser;

    @Option(names = "--superuser-password", defaultValue = "millrace-local")
    private String superuserPassword;

    public static void main(String[] args) {
        ServerProcess.main(new PostgresServer(), args);
    }

    @Override
    public String title() {
        return "PostgreSQL";
    }

    @Override
    public AutoCloseable start() throws Exception {
        Path directory = data.toAbsolutePath().normalize();
        Files.createDirectories(directory.resolveSibling("."));
        Binaries programs = Binaries.unpack(binaries);
        Postmaster.initialize(programs, directory, superuser, superuserPassword);
        Postmaster.stopOrphan(directory);
        LocalPort.requireFree(title(), port);
        ChildServer server = Postmaster.start(programs, directory, port);
        try {
            Databases known = new Databases(port, superuser, superuserPassword);
            awaitConnection(server, known);
            known.ensure(databases == null ? List.of() : LocalDatabase.read(databases));
        } catch (Exception e) {
            server.stop();
            throw e;
        }
        return server.endTogether();
    }

    private static void awaitConnection(ChildServer server, Databases databases) throws Exception {
        Instant deadline = Instant.now().plus(START_TIMEOUT);
        while (true) {
            try {
                databases.connect().close();
                return;
            } catch (SQLException e) {
                if (!server.isAlive()) {
                    throw new CannotStart("Cannot start PostgreSQL: the server has ended, see above for its reason", e);
                }
                if (Instant.now().isAfter(deadline)) {
                    throw e;
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }
}
