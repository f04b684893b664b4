package io.millrace.benchmarks.sink;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A JVM of its own: every step starts cold and with an empty heap.
 *
 * @param classPath its class path
 * @param main the name of its main class
 * @param heap its largest heap, as {@code -Xmx} takes it
 * @param scratch its temporary directory
 * @param options further options of the JVM
 */
public record Fork(String classPath, String main, String heap, Path scratch, List<String> options) {
    Fork(String classPath, String main, String heap, Path scratch) {
        this(classPath, main, heap, scratch, List.of());
    }

    /** Starts it, its output going to a file. */
    public Process start(List<String> arguments, Path log, @Nullable Path readyFile) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + heap);
        command.add("-XX:+UseG1GC");
        command.add("-XX:+ExitOnOutOfMemoryError");
        // So that what they take can be told from the rest.
        command.add("-XX:-UseDynamicNumberOfCompilerThreads");
        command.add("-Djava.io.tmpdir=" + Files.createDirectories(scratch));
        command.add("@" + sparkOptions());
        command.addAll(options);
        command.add("-cp");
        command.add(classPath);
        command.add(main);
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        if (readyFile != null) {
            builder.environment().put("MILLRACE_READY_FILE", readyFile.toString());
        }
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        return process;
    }

    /** What Spark needs of a JVM, and Flink less of it; found from any directory of the project. */
    private static Path sparkOptions() throws IOException {
        for (@Nullable Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path options = at.resolve("batch-compaction/spark-jvm.options");
            if (Files.exists(options)) {
                return options;
            }
        }
        throw new IOException("Cannot find batch-compaction/spark-jvm.options: start in the project's directory");
    }

    /** Runs it to its end and returns its exit code. */
    public int run(List<String> arguments, Path log) throws IOException, InterruptedException {
        return start(arguments, log, null).waitFor();
    }

    /** A built module's class path: its classes and what Maven noted beside them. */
    public static String classPathOf(Path module) throws IOException {
        Path file = module.resolve("target/classpath");
        if (!Files.exists(file)) {
            throw new IOException("Cannot find " + file + ": build the project with mvn package -DskipTests");
        }
        return module.resolve("target/classes")
                + File.pathSeparator
                + Files.readString(file).strip();
    }
}
