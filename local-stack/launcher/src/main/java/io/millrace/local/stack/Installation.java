package io.millrace.local.stack;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The built project on this machine: where its jars and classpaths are.
 *
 * @param root the project's root directory
 */
public record Installation(Path root) {

    private static final String PROPERTY = "millrace.root";

    public Installation {
        root = root.toAbsolutePath().normalize();
    }

    /** The project that this class was built in: what {@code ./millrace} says, else the nearest above the class. */
    public static Installation here() {
        String told = System.getProperty(PROPERTY);
        if (told != null) {
            return new Installation(Path.of(told));
        }
        for (@Nullable Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isRegularFile(at.resolve("millrace")) && Files.isDirectory(at.resolve("local-stack"))) {
                return new Installation(at);
            }
        }
        throw StackProblem.failure(
                "Cannot find the project from directory: " + Path.of("").toAbsolutePath(),
                "Start Millrace with its ./millrace script.");
    }

    /** Where logs and data go by default: {@code .millrace} in the project's root. */
    public Path home() {
        return root.resolve(".millrace");
    }

    /** The Java program that runs this one. */
    public String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /**
     * The classpath of a module of the local stack.
     *
     * @param module its directory's name, such as {@code registry}
     */
    public String classpath(String module) {
        return classpathOf(Path.of("local-stack").resolve(module));
    }

    /** The classpath of the batch jobs, with all that a Spark cluster would have. */
    public String batchClasspath() {
        return classpathOf(Path.of("batch-compaction"));
    }

    /** The file of options that a JVM with Spark needs. */
    public Path sparkOptions() {
        return root.resolve("batch-compaction/spark-jvm.options");
    }

    private String classpathOf(Path module) {
        Path target = root.resolve(module).resolve("target");
        try {
            return target.resolve("classes")
                    + File.pathSeparator
                    + Files.readString(target.resolve("classpath")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the classpath of: " + module + ". Build the project first.", e);
        }
    }

    /** The capture, runnable with {@code java -jar}. */
    public Path captureJar() {
        return root.resolve("cdc-capture/target/millrace-capture.jar");
    }

    /** The Flink job as a cluster takes it. */
    public Path jobJar() {
        return root.resolve("stream-processor/target/millrace-stream-processor-job.jar");
    }

    /** Flink's plugins, a directory each. */
    public Path flinkPlugins() {
        return root.resolve("local-stack/flink/target/plugins");
    }

    /** Kinesis's program for Node. */
    public Path kinesisServer() {
        return root.resolve("local-stack/kinesis/server.js");
    }
}
