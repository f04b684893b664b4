package io.millrace.batch.compact;

import io.millrace.batch.compact.policy.CompactionPolicy;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of {@link CompactJob}. */
@Command(
        name = "compact",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Merges small files and applied deletes into files of the target's size, and keeps the tables tidy.")
final class CompactOptions {
    @Option(
            names = "--pipeline",
            required = true,
            paramLabel = "FILE",
            description = "what flows: the tables; a path, or an address that Hadoop can read, such as s3://…")
    String pipeline;

    @Option(
            names = "--connections",
            paramLabel = "FILE",
            description = "where the servers are, if not in the pipeline file; a path or an address")
    @Nullable
    String connections;

    @Option(
            names = "--table",
            paramLabel = "T",
            description =
                    "an Iceberg table, or the source table that it is made of; all of the pipeline's, and the dead"
                            + " letters', if none is named. May be given several times.")
    List<String> tables = List.of();

    @Option(
            names = "--target-file-size",
            paramLabel = "SIZE",
            defaultValue = "128MB",
            description = "size of the files written (${DEFAULT-VALUE})")
    long targetFileSize;

    @Option(
            names = "--max-bytes",
            paramLabel = "SIZE",
            defaultValue = "100GB",
            description = "the most that a run reads, the most rewarding groups first (${DEFAULT-VALUE})")
    long maxBytes;

    @Option(
            names = "--cool-down",
            paramLabel = "TIME",
            defaultValue = "15m",
            description = "partitions written to since are left alone (${DEFAULT-VALUE})")
    Duration coolDown;

    @Option(
            names = "--hot-delete-ratio",
            paramLabel = "RATIO",
            defaultValue = "0.3",
            description = "share of deleted rows from which they are not (${DEFAULT-VALUE})")
    double hotDeleteRatio;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "2",
            description = "groups rewritten beside each other (${DEFAULT-VALUE})")
    int parallel;

    @Option(
            names = "--attempts",
            paramLabel = "N",
            defaultValue = "20",
            description = "how often the commit of a group is tried (${DEFAULT-VALUE})")
    int attempts;

    @Option(
            names = "--retain-snapshots",
            paramLabel = "TIME",
            defaultValue = "5d",
            description = "snapshots older than this are expired (${DEFAULT-VALUE})")
    Duration retainSnapshots;

    @Option(
            names = "--retain-last",
            paramLabel = "N",
            defaultValue = "1",
            description = "snapshots that stay however old they are (${DEFAULT-VALUE})")
    int retainLast;

    @Option(
            names = "--orphans-older-than",
            paramLabel = "TIME",
            defaultValue = "3d",
            description = "files that no snapshot knows are deleted at this age (${DEFAULT-VALUE}, at least 1d)")
    Duration orphansOlderThan;

    @Option(
            names = "--metadata-versions",
            paramLabel = "N",
            defaultValue = "100",
            description = "old metadata files that stay, for tables that do not say (${DEFAULT-VALUE})")
    int metadataVersions;

    @Option(names = "--skip-upkeep", description = "rewrite only: expire no snapshots, delete no orphans")
    boolean skipUpkeep;

    @Option(
            names = "--watch",
            paramLabel = "TIME",
            description = "stay and run again so often; each run is a plan and a result of its own, with --json a line")
    @Nullable
    Duration watch;

    @Option(names = "--dry-run", description = "print the plan and change nothing")
    boolean dryRun;

    @Option(names = "--json", description = "print plan and result as one JSON object")
    boolean json;

    CompactionPolicy policy() {
        return new CompactionPolicy(
                targetFileSize,
                CompactionPolicy.DEFAULT.maxGroupBytes(),
                maxBytes,
                coolDown,
                hotDeleteRatio,
                CompactionPolicy.DEFAULT.hotSmallFiles());
    }
}
