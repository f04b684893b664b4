package io.millrace.local.launcher;

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

    @Mixin
    private BatchOptions batch = new BatchOptions();

    /** The job's own options. */
    @Unmatched
    private List<String> more = new ArrayList<>();

    @Override
    public Integer call() throws InterruptedException {
        List<String> arguments = new ArrayList<>();
        tables.forEach(table -> arguments.addAll(List.of("--table", table)));
        if (dryRun) {
            arguments.add("--dry-run");
        }
        if (watch != null) {
            arguments.addAll(List.of("--watch", watch));
        }
        return batch.run(JOB, batch.servers("compact"), arguments, more);
    }
}
