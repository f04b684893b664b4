package io.millrace.local.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A database server's own process, a child of this one.
 *
 * <p>It outlives this process if that is killed; the next start on the same data directory stops it first, with
 * {@link #stopOrphan}.
 */
public final class ChildServer {
    private static final Logger LOG = LoggerFactory.getLogger(ChildServer.class);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(8);

    private final Kind kind;
    private final Process process;

    /**
     * A server program.
     *
     * @param title its name as people read it
     * @param program the name of its executable
     * @param signals what stops it, as options of {@code kill}: the gentlest first, the last one surely
     */
    public record Kind(String title, String program, List<String> signals) {}

    private ChildServer(Kind kind, Process process) {
        this.kind = kind;
        this.process = process;
    }

    /** Starts a server, whose output goes where this process's own goes. */
    public static ChildServer start(Kind kind, List<String> command, Map<String, String> environment)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        return new ChildServer(
                kind,
                builder.redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                        .start());
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Stops the server without waiting for its clients. */
    public void stop() throws IOException, InterruptedException {
        stop(kind, process.toHandle());
    }

    /** Ends the server as a loss of power would, but for what it has told the operating system to write. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Ends this process when the server does, so that whoever watches this process knows; closing stops the server. */
    public AutoCloseable endTogether() {
        AtomicBoolean wanted = new AtomicBoolean();
        var unused = process.onExit().thenRun(() -> {
            if (!wanted.get()) {
                System.err.println("Cannot keep " + kind.title + " running: the server has ended");
                Runtime.getRuntime().halt(1);
            }
        });
        return () -> {
            wanted.set(true);
            stop();
        };
    }

    /**
     * Stops the server that a killed process left behind; one that serves another directory stays.
     *
     * @param pidFile where the server writes its process id, in its first line
     * @param argument an argument that names the data directory
     */
    public static void stopOrphan(Kind kind, Path pidFile, String argument) throws IOException, InterruptedException {
        if (!Files.exists(pidFile)) {
            return;
        }
        ProcessHandle orphan = Files.readAllLines(pidFile).stream()
                .findFirst()
                .map(pid -> Long.parseLong(pid.strip()))
                .flatMap(ProcessHandle::of)
                .filter(process -> serves(kind, process.info(), argument))
                .orElse(null);
        if (orphan != null) {
            LOG.warn("Stopping the server of an earlier run: {}", orphan.pid());
            stop(kind, orphan);
        }
    }

    private static boolean serves(Kind kind, ProcessHandle.Info process, String argument) {
        return process.command()
                        .filter(command -> command.endsWith("/" + kind.program))
                        .isPresent()
                && process.arguments()
                        .filter(arguments -> Arrays.asList(arguments).contains(argument))
                        .isPresent();
    }

    private static void stop(Kind kind, ProcessHandle server) throws IOException, InterruptedException {
        for (String signal : kind.signals) {
            if (!server.isAlive()) {
                return;
            }
            new ProcessBuilder("kill", signal, Long.toString(server.pid()))
                    .start()
                    .waitFor();
            try {
                server.onExit().get(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                LOG.warn("{} does not stop on {}", kind.title, signal);
            } catch (ExecutionException e) {
                throw new IOException(e);
            }
        }
    }
}
