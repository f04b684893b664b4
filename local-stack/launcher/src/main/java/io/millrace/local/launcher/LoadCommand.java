package io.millrace.local.launcher;

import io.millrace.local.batch.Servers;
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

    @Mixin
    private BatchOptions batch = new BatchOptions();

    /** The job's own options, which it checks itself. */
    @Unmatched
    private List<String> more = new ArrayList<>();

    @Override
    public Integer call() throws InterruptedException {
        Servers servers = batch.servers("load");
        Path file = landing != null ? landing : batch.ownFile(servers, "landing");
        List<String> arguments = new ArrayList<>(List.of("--landing", file.toString()));
        zones.forEach(zone -> arguments.addAll(List.of("--zone", zone)));
        if (approve) {
            arguments.add("--approve");
        }
        if (dryRun) {
            arguments.add("--dry-run");
        }
        return batch.run(JOB, servers, arguments, more);
    }
}
