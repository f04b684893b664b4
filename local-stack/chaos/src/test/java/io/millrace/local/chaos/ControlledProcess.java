package io.millrace.local.chaos;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A process that obeys lines on its standard input and answers each with one on its standard output. */
final class ControlledProcess implements AutoCloseable {
    private final Process process;
    private final PrintWriter commands;
    private final LinkedBlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final Path log;

    private ControlledProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "end " + log.getFileName()));
        commands = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
        Thread reader = new Thread(this::read, "answers of " + log.getFileName());
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts a main class.
     *
     * @param log gets what the process says on standard error
     */
    static ControlledProcess start(
            Path log,
            String classpath,
            List<String> options,
            String main,
            Map<String, String> environment,
            String... args)
            throws IOException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(
                List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Duser.timezone=UTC", "-Dfile.encoding=UTF-8"));
        line.addAll(options);
        line.addAll(List.of("-cp", classpath, main));
        line.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        return new ControlledProcess(builder.start(), log);
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                answers.add(line);
            }
        } catch (IOException ended) {
            // The process is gone; whoever waits for an answer notices.
        }
    }

    void send(String command) {
        answers.clear();
        commands.println(command);
    }

    /** The next line; null if none comes in time. */
    @Nullable
    String answer(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < deadline) {
            String line = answers.poll(100, TimeUnit.MILLISECONDS);
            if (line != null) {
                return line;
            }
            if (!process.isAlive() && answers.isEmpty()) {
                return null;
            }
        }
        return null;
    }

    /** The next line, which has to begin so. */
    String expect(String beginning, Duration patience) throws InterruptedException {
        String line = answer(patience);
        if (line == null || !line.startsWith(beginning)) {
            throw new AssertionError("The process answers " + line + " and not " + beginning + "; see " + log);
        }
        return line;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
