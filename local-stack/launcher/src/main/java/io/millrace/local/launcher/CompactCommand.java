package io.millrace.local.launcher;

import io.millrace.local.batch.Servers;
import io.millrace.local.batch.SparkJob;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** Compacts the Iceberg tables of a running stack. */
@Command(
        name = "compact",
        mixinStandardHelpOptions = true,
        description =
                "Merges small files and applied deletes of the Iceberg tables into files of 128 MB, while the stream goes"
                        + " on writing. Exit code 0 if all went well, groups that gave way to the stream included.",
        footer = {
            "",
            "What is worth it, and what is tidied up, can be tuned:",
            "  --target-file-size 128MB  --max-bytes 100GB  --cool-down 15m  --hot-delete-ratio 0.3  --parallel 2",
            "  --attempts 20  --retain-snapshots 5d  --retain-last 1  --orphans-older-than 3d  --metadata-versions 100",
            "  --skip-upkeep",
            "See batch-compaction/README.md for what each means."
        })
final class CompactCommand implements Callable<Integer> {
    private static final String JOB = "io.millrace.batch.compact.CompactJob";

    @Option(
            names = "--pipeline",
            paramLabel = "FILE",
            description = "The pipeline file; the running stack's by default.")
    private @Nullable Path pipeline;

    @Option(
            names = "--table",
            paramLabel = "T",
            description =
                    "Only this table, such as logistics.shipments, or public.shipments of which it is made. May be given"
                            + " several times; also a table that no pipeline writes.")
    private List<String> tables = new ArrayList<>();

    @Option(names = "--dry-run", description = "Print the plan and change nothing.")
    private boolean dryRun;

    @Option(names = "--watch", paramLabel = "TIME", description = "Stay, and run again so often, such as 5m.")
    private @Nullable String watch;

    @Option(names = "--json", description = "Print plan and result as one JSON object; with --watch, one a line.")
    private boolean json;

    @Option(
            names = "--heap",
            paramLabel = "SIZE",
            defaultValue = "2g",
            description = "The largest heap of the Spark process; 2g by default.")
    private String heap;

    @Option(
            names = "--connections",
            paramLabel = "FILE",
            description = "Where the servers are; those of the stack that runs in the data directory by default.")
    private @Nullable Path connections;

    @Mixin
    private DataOption data = new DataOption();

    /** The job's own options, which it checks itself. */
    @Unmatched
    private List<String> more = new ArrayList<>();

    @Override
    public Integer call() throws InterruptedException {
        Servers servers = Servers.find("compact", data.directory(), pipeline, connections);
        List<String> arguments = new ArrayList<>(List.of(
                "--pipeline",
                servers.pipeline().toString(),
                "--connections",
                servers.connections().toString()));
        tables.forEach(table -> arguments.addAll(List.of("--table", table)));
        if (dryRun) {
            arguments.add("--dry-run");
        }
        if (watch != null) {
            arguments.addAll(List.of("--watch", watch));
        }
        if (json) {
            arguments.add("--json");
        }
        arguments.addAll(more);
        return new SparkJob(JOB, heap, data.directory(), servers.log()).run(arguments);
    }
}
