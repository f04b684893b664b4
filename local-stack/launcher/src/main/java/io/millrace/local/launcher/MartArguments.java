package io.millrace.local.launcher;

import io.millrace.local.batch.Servers;
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
        Path file = marts != null ? marts : batch.ownFile(servers, "marts");
        List<String> arguments = new ArrayList<>(List.of("--marts", file.toString()));
        arguments.addAll(days);
        tables.forEach(table -> arguments.addAll(List.of("--table", table)));
        if (anew) {
            arguments.add("--anew");
        }
        return batch.run(JOB, servers, arguments, more);
    }
}
