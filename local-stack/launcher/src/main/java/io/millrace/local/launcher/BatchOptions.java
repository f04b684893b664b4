package io.millrace.local.launcher;

import io.millrace.local.batch.Servers;
import io.millrace.local.batch.SparkJob;
import io.millrace.local.stack.Installation;
import io.millrace.local.stack.LocalMaskingKey;
import io.millrace.local.stack.StackProblem;
import io.millrace.schemas.pipeline.PipelineFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * What all commands have in common that run a Spark job: whose tables, where, with how much memory. What is unmatched a command
 * has to collect itself, as picocli does not let a mixin do it.
 */
final class BatchOptions {

    @Option(
            names = "--pipeline",
            paramLabel = "FILE",
            description = "The pipeline file; the running stack's by default.")
    private @Nullable Path pipeline;

    @Option(
            names = "--connections",
            paramLabel = "FILE",
            description = "Where the servers are; those of the stack that runs in the data directory by default.")
    private @Nullable Path connections;

    @Option(
            names = "--heap",
            paramLabel = "SIZE",
            defaultValue = "2g",
            description = "The largest heap of the Spark process; 2g by default.")
    private String heap;

    @Option(names = "--json", description = "Print the result as one JSON object; with --watch, one a line.")
    private boolean json;

    @Mixin
    private DataOption data = new DataOption();

    /** The data directory of the stack. */
    Path data() {
        return data.directory();
    }

    /**
     * The servers that the job works on.
     *
     * @param job the job's name, for its log file
     */
    Servers servers(String job) {
        return Servers.find(job, data(), pipeline, connections);
    }

    /**
     * The file of the product's own that says what a job does for a pipeline.
     *
     * @param option the job's option that names another one, without its dashes; also how the file's name ends
     */
    Path ownFile(Servers servers, String option) {
        String name = PipelineFile.read(servers.pipeline(), servers.connections(), LocalMaskingKey.environment(data()))
                .name();
        Path file = Installation.here().root().resolve("pipelines").resolve(name + "-" + option + ".yaml");
        if (!Files.exists(file)) {
            throw StackProblem.usage("Cannot find a file for pipeline: " + name + ", in " + file + ". Say with --"
                    + option + " which one it is; see batch-compaction/README.md.");
        }
        return file;
    }

    /**
     * Runs a job to its end.
     *
     * @param main its main class
     * @param arguments of the command, beside those that all have in common
     * @param more the job's own options, which it checks itself
     * @return its exit code
     */
    int run(String main, Servers servers, List<String> arguments, List<String> more) throws InterruptedException {
        List<String> line = new ArrayList<>(List.of(
                "--pipeline",
                servers.pipeline().toString(),
                "--connections",
                servers.connections().toString()));
        line.addAll(arguments);
        if (json) {
            line.add("--json");
        }
        line.addAll(more);
        return new SparkJob(main, heap, data(), servers.log()).run(line);
    }
}
