package io.millrace.local.stack;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A running component behind its guard, a small shell script that stops the component when this process ends,
 * however it ends.
 *
 * @see <a href="../../../../../resources/io/millrace/local/stack/guard.sh">guard.sh</a>
 */
final class GuardedProcess {

    /** How long the guard may take beyond the component's own time. */
    private static final Duration GUARD_TIME = Duration.ofSeconds(5);

    private static final byte[] STOP = "stop\n".getBytes(StandardCharsets.US_ASCII);

    private final Process guard;
    private final long pid;
    private final Duration grace;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();

    private GuardedProcess(Process guard, long pid, Duration grace) {
        this.guard = guard;
        this.pid = pid;
        this.grace = grace;
    }

    /**
     * Starts a component.
     *
     * @param script guard.sh
     * @param log gets what the component prints, after what is in it already
     */
    static GuardedProcess start(Component component, Path script, Path directory, Path log, Path readyFile)
            throws IOException {
        List<String> command = new ArrayList<>(ownGroup());
        command.addAll(List.of(
                "sh",
                script.toString(),
                log.toString(),
                Long.toString(component.grace().toSeconds()),
                Long.toString(component.linger().toSeconds())));
        command.addAll(component.command());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        // Not the user's own session: it would win over the local credentials.
        builder.environment().keySet().removeAll(List.of("AWS_PROFILE", "AWS_SESSION_TOKEN"));
        builder.environment().putAll(component.environment());
        builder.environment().put("MILLRACE_READY_FILE", readyFile.toString());
        Files.deleteIfExists(readyFile);
        Process guard = builder.start();
        BufferedReader says = guard.inputReader(StandardCharsets.UTF_8);
        long pid = number(says.readLine(), "pid ")
                .orElseThrow(() -> new IOException("Cannot start the guard of: " + component.name()));
        GuardedProcess process = new GuardedProcess(guard, pid, component.grace());
        Thread reader = new Thread(() -> process.awaitExit(says), "exit of " + component.name());
        reader.setDaemon(true);
        reader.start();
        return process;
    }

    /** The component's process id, not the guard's. */
    long pid() {
        return pid;
    }

    /** The component's exit status when it has ended; 128 + n if signal n ended it. */
    CompletableFuture<Integer> exit() {
        return exit;
    }

    /** Asks the component to stop. Returns at once. */
    void requestStop() {
        try (OutputStream pipe = guard.getOutputStream()) {
            pipe.write(STOP);
        } catch (IOException gone) {
            // Then the pipe is closed as well.
        }
    }

    /** Waits until the component has ended, and kills it if it takes too long. */
    void awaitStop() throws InterruptedException {
        requestStop();
        try {
            exit.get(grace.plus(GUARD_TIME).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
        if (!guard.waitFor(GUARD_TIME.toMillis(), TimeUnit.MILLISECONDS)) {
            guard.destroyForcibly();
        }
    }

    private void awaitExit(BufferedReader says) {
        Optional<Long> status;
        try {
            status = number(says.readLine(), "exit ");
        } catch (IOException e) {
            status = Optional.empty();
        }
        // A guard that was killed says nothing; what is left of it kills the component when the pipe closes.
        requestStop();
        exit.complete(status.map(Long::intValue).orElse(128 + 9));
    }

    private static Optional<Long> number(@Nullable String line, String prefix) {
        return Optional.ofNullable(line)
                .filter(text -> text.startsWith(prefix))
                .map(text -> Long.parseLong(text.substring(prefix.length()).strip()));
    }

    /** What makes a process group, so that Ctrl-C reaches the launcher only, and a group can be killed as one. */
    private static List<String> ownGroup() {
        if (isOnPath("setsid")) {
            return List.of("setsid");
        }
        if (isOnPath("perl")) {
            return List.of("perl", "-e", "setpgrp(0, 0); exec @ARGV");
        }
        return List.of();
    }

    private static boolean isOnPath(String program) {
        for (String directory : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            if (Files.isExecutable(Path.of(directory, program))) {
                return true;
            }
        }
        return false;
    }
}
