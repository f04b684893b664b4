package io.millrace.local.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * The life of a server's process: reads the arguments, starts the server, waits for SIGTERM, stops the server.
 *
 * <p>A server that does not start leaves one line on stderr that begins with {@code Cannot}, and exit code 2 for wrong
 * arguments or 1 for anything else. The launcher shows that line to the user.
 */
public final class ServerProcess {

    /** The environment variable with the path of a file that is made when the server answers. */
    public static final String READY_FILE = "MILLRACE_READY_FILE";

    private static final Logger LOG = LoggerFactory.getLogger(ServerProcess.class);

    private ServerProcess() {}

    /**
     * Runs a server until the process is told to stop; does not return.
     *
     * @param command the server, with picocli options
     * @param args the process's arguments
     */
    public static void main(ServerCommand command, String[] args) {
        try {
            new CommandLine(command).parseArgs(args);
        } catch (ParameterException wrong) {
            exit("Cannot start " + command.title() + ": " + oneLine(wrong), 2);
        }
        try {
            AutoCloseable server = command.start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(command, server), "stop"));
            LOG.info("{} is ready", command.title());
            tellReady();
            new CountDownLatch(1).await();
        } catch (CannotStart reason) {
            LOG.debug("{} does not start", command.title(), reason);
            exit(oneLine(reason), 1);
        } catch (Exception | LinkageError e) {
            LOG.error("{} does not start", command.title(), e);
            exit("Cannot start " + command.title() + ": " + oneLine(e), 1);
        }
    }

    private static void tellReady() throws IOException {
        String file = System.getenv(READY_FILE);
        if (file != null) {
            Files.writeString(Path.of(file), "ready\n");
        }
    }

    private static void stop(ServerCommand command, AutoCloseable server) {
        try {
            server.close();
            LOG.info("{} has stopped", command.title());
        } catch (Exception e) {
            LOG.warn("{} has not stopped cleanly", command.title(), e);
        }
    }

    private static String oneLine(Throwable thrown) {
        String message = thrown.getMessage() == null ? thrown.toString() : thrown.getMessage();
        return message.lines().findFirst().orElse(thrown.toString());
    }

    private static void exit(String message, int status) {
        System.err.println(message);
        System.exit(status);
    }
}
