package io.millrace.local.batch;

import io.millrace.local.process.Directories;
import io.millrace.local.stack.Installation;
import io.millrace.local.stack.LocalMaskingKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A Spark job in a process of its own, on all cores of this machine, that prints to this terminal and ends with this process,
 * however that ends.
 *
 * @param main the job's main class
 * @param heap the largest heap, as {@code -Xmx} takes it
 * @param data the data directory of the stack: it has the masking key, and takes what Spark spills
 * @param log where the job logs to
 */
public record SparkJob(String main, String heap, Path data, Path log) {

    private static final int END_SECONDS = 12;

    /**
     * Runs the job to its end.
     *
     * @return its exit code
     */
    public int run(List<String> arguments) throws InterruptedException {
        try {
            Files.createDirectories(log.toAbsolutePath().getParent());
            deleteLeftovers();
            Path own = Files.createDirectories(
                    scratch().resolve(Long.toString(ProcessHandle.current().pid())));
            try {
                return run(arguments, own);
            } finally {
                Directories.delete(own);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot run: " + main, e);
        }
    }

    private int run(List<String> arguments, Path own) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "sh",
                script(own).toString(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(options(own));
        command.add(main);
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        // Not the user's own session: it would win over the local credentials.
        builder.environment().keySet().removeAll(List.of("AWS_PROFILE", "AWS_SESSION_TOKEN"));
        builder.environment().putAll(LocalMaskingKey.environment(data));
        Process process = builder.start();
        Thread end = new Thread(() -> end(process));
        Runtime.getRuntime().addShutdownHook(end);
        int exitCode = process.waitFor();
        Runtime.getRuntime().removeShutdownHook(end);
        return exitCode;
    }

    /** Runs side by side have a directory each in it. */
    private Path scratch() {
        return data.resolve("spark");
    }

    private List<String> options(Path own) {
        List<String> options = new ArrayList<>(List.of(
                "-Xmx" + heap,
                "@" + Installation.here().sparkOptions(),
                "-Duser.timezone=UTC",
                "-Duser.language=en",
                "-Duser.country=US",
                "-Dfile.encoding=UTF-8",
                "-XX:+ExitOnOutOfMemoryError",
                "-Dlog4j2.configurationFile=millrace-spark-log4j2.xml",
                "-Dmillrace.log=" + log,
                "-Djava.io.tmpdir=" + own,
                // As on a cluster: a task that fails is tried again before the job fails.
                "-Dspark.master=local[*,4]",
                "-Dspark.ui.enabled=false",
                "-Dspark.driver.host=127.0.0.1",
                "-Dspark.driver.bindAddress=127.0.0.1",
                "-Dspark.local.dir=" + own,
                "-Dspark.sql.warehouse.dir=" + own,
                "-Dspark.sql.shuffle.partitions=8"));
        options.addAll(List.of("-cp", Installation.here().batchClasspath()));
        return options;
    }

    /** The pipe's end is the word to stop. */
    private static void end(Process process) {
        try {
            process.getOutputStream().close();
            process.waitFor(END_SECONDS, TimeUnit.SECONDS);
        } catch (IOException gone) {
            // Then it has ended.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Path script(Path own) throws IOException {
        Path file = own.resolve("attached.sh");
        try (InputStream script = SparkJob.class.getResourceAsStream("attached.sh")) {
            if (script == null) {
                throw new IllegalStateException("attached.sh is not on the classpath");
            }
            Files.copy(script, file);
        }
        return file;
    }

    /** What killed runs have spilled. */
    private void deleteLeftovers() throws IOException {
        if (!Files.isDirectory(scratch())) {
            return;
        }
        try (Stream<Path> runs = Files.list(scratch())) {
            for (Path run : runs.toList()) {
                String name = run.getFileName().toString();
                boolean ended = name.matches("\\d{1,18}")
                        && ProcessHandle.of(Long.parseLong(name))
                                .filter(ProcessHandle::isAlive)
                                .isEmpty();
                if (ended) {
                    Directories.delete(run);
                }
            }
        }
    }
}
