package io.millrace.local.endtoend;

import io.millrace.local.stack.Installation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A {@code ./millrace} command in a process of its own, without the script's build. */
final class Command {
    private final Process process;
    private final Path output;

    private Command(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /**
     * Starts a command.
     *
     * @param output gets what it prints
     */
    static Command start(Path output, Map<String, String> environment, String... arguments) throws IOException {
        Installation installation = Installation.here();
        List<String> line = new ArrayList<>(List.of(
                installation.java(),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Duser.timezone=UTC",
                "-Dfile.encoding=UTF-8",
                "-Dmillrace.root=" + installation.root(),
                "-cp",
                installation.classpath("launcher"),
                "io.millrace.local.launcher.Millrace"));
        line.addAll(List.of(arguments));
        Files.createDirectories(output.getParent());
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        return new Command(builder.start(), output);
    }

    /** Runs a command to its end. */
    static Command run(Path output, String... arguments) throws IOException, InterruptedException {
        Command command = start(output, Map.of(), arguments);
        command.exitCode(Duration.ofMinutes(5));
        return command;
    }

    boolean isRunning() {
        return process.isAlive();
    }

    /** What it ended with. */
    int exitCode(Duration patience) throws InterruptedException {
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("The command does not end. It printed:\n" + output());
        }
        return process.exitValue();
    }

    /** What it has printed so far. */
    String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it as a crash would. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
