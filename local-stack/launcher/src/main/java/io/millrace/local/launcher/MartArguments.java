package io.millrace.local.launcher;

import io.millrace.local.batch.Servers;
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

/** What {@code daily} and {@code backfill} have in common: whose tables, which marts, and the job that computes them. */
final class MartArguments {
    private static final String JOB = "io.millrace.batch.mart.MartJob";

    @Option(
            names = "--marts",
            paramLabel = "FILE",
            description =
                    "What is computed; NAME-marts.yaml beside this command's pipelines by default, where NAME is the"
                            + " pipeline's.")
    private @Nullable Path marts;

    @Option(names = "--table", paramLabel = "NS.NAME", description = "Only this mart; may be given several times.")
    private List<String> tables = new ArrayList<>();

    @Option(names = "--anew", description = "Compute also what was published before from the same inputs.")
    private boolean anew;

    @Mixin
    private BatchOptions batch = new BatchOptions();

    /** Runs the job for days, with options of a command and of its own; its exit code. */
    int run(List<String> days, List<String> more) throws InterruptedException {
        Servers servers = batch.servers("marts");
        List<String> arguments =
                new ArrayList<>(List.of("--marts", martFile(servers).toString()));
        arguments.addAll(days);
        tables.forEach(table -> arguments.addAll(List.of("--table", table)));
        if (anew) {
            arguments.add("--anew");
        }
        return batch.run(JOB, servers, arguments, more);
    }

    private Path martFile(Servers servers) {
        if (marts != null) {
            return marts;
        }
        String name = PipelineFile.read(
                        servers.pipeline(), servers.connections(), LocalMaskingKey.environment(batch.data()))
                .name();
        Path own = Installation.here().root().resolve("pipelines").resolve(name + "-marts.yaml");
        if (!Files.exists(own)) {
            throw StackProblem.usage("Cannot find a mart file for pipeline: " + name
                    + ". Say with --marts what is computed;" + " docs/mart-file.md describes it.");
        }
        return own;
    }
}
