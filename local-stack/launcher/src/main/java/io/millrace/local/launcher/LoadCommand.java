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
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** Loads landing folders of CSV files. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        description =
                "Loads landing folders of CSV files, as AWS DMS writes them, into Iceberg tables: each file once, columns only"
                        + " once they are approved, bad lines into the dead letters. Exit code 0 if everything is loaded, 3 if"
                        + " somebody has to look at the rest, 1 if a folder has failed.",
        footer = {
            "",
            "More options of the job: --target-file-size 128MB, --files-per-load 20000, --proposal FILE; see"
                    + " batch-compaction/README.md."
        })
final class LoadCommand implements Callable<Integer> {
    private static final String JOB = "io.millrace.batch.raw.RawJob";

    @Option(
            names = "--landing",
            paramLabel = "FILE",
            description = "The folders; NAME-landing.yaml beside this command's pipelines by default, where NAME is the"
                    + " pipeline's.")
    private @Nullable Path landing;

    @Option(
            names = "--zone",
            paramLabel = "NAME",
            description = "Only this zone of the landing file; may be given several times.")
    private List<String> zones = new ArrayList<>();

    @Option(names = "--approve", description = "Make the changes of tables that are proposed.")
    private boolean approve;

    @Option(names = "--dry-run", description = "Look at the files and say what would be done.")
    private boolean dryRun;

    @Option(names = "--json", description = "Print the result as one JSON object.")
    private boolean json;

    @Option(
            names = "--pipeline",
            paramLabel = "FILE",
            description = "The pipeline file, whose catalog the tables are in; the running stack's by default.")
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

    @Mixin
    private DataOption data = new DataOption();

    /** The job's own options, which it checks itself. */
    @Unmatched
    private List<String> more = new ArrayList<>();

    @Override
    public Integer call() throws InterruptedException {
        Servers servers = Servers.find("load", data.directory(), pipeline, connections);
        List<String> arguments = new ArrayList<>(List.of(
                "--pipeline",
                servers.pipeline().toString(),
                "--connections",
                servers.connections().toString(),
                "--landing",
                landingFile(servers).toString()));
        zones.forEach(zone -> arguments.addAll(List.of("--zone", zone)));
        if (approve) {
            arguments.add("--approve");
        }
        if (dryRun) {
            arguments.add("--dry-run");
        }
        if (json) {
            arguments.add("--json");
        }
        arguments.addAll(more);
        return new SparkJob(JOB, heap, data.directory(), servers.log()).run(arguments);
    }

    private Path landingFile(Servers servers) {
        if (landing != null) {
            return landing;
        }
        String name = PipelineFile.read(
                        servers.pipeline(), servers.connections(), LocalMaskingKey.environment(data.directory()))
                .name();
        Path own = Installation.here().root().resolve("pipelines").resolve(name + "-landing.yaml");
        if (!Files.exists(own)) {
            throw StackProblem.usage("Cannot find a landing file for pipeline: " + name
                    + ". Say with --landing what is loaded; docs/landing-file.md describes it.");
        }
        return own;
    }
}
