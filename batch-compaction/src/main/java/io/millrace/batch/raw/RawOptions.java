package io.millrace.batch.raw;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of {@link RawJob}. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Loads landing folders of CSV files, as AWS DMS writes them, into Iceberg tables; each file once.")
final class RawOptions {
    @Option(names = "--pipeline", required = true, paramLabel = "FILE", description = "whose catalog the tables are in")
    String pipeline;

    @Option(
            names = "--connections",
            paramLabel = "FILE",
            description = "where the servers are, if not in the pipeline file")
    @Nullable
    String connections;

    @Option(names = "--landing", required = true, paramLabel = "FILE", description = "the folders, a landing file")
    String landing;

    @Option(
            names = "--zone",
            paramLabel = "NAME",
            description = "a zone of the landing file; all of them, in its order, if none is named")
    List<String> zones = List.of();

    @Option(names = "--approve", description = "make the changes of tables that new columns and values need")
    boolean approve;

    @Option(names = "--dry-run", description = "look at the files, and change nothing")
    boolean dryRun;

    @Option(
            names = "--proposal",
            paramLabel = "FILE",
            description = "write what is proposed there, as columns for the landing file")
    @Nullable
    String proposal;

    @Option(
            names = "--target-file-size",
            paramLabel = "SIZE",
            defaultValue = "128MB",
            description = "size of the files written; default: ${DEFAULT-VALUE}")
    long targetFileSize;

    @Option(
            names = "--files-per-load",
            paramLabel = "N",
            defaultValue = "20000",
            description = "files that are loaded in one commit, the oldest first; default: ${DEFAULT-VALUE}")
    int filesPerLoad;

    @Option(names = "--json", description = "print the result as one JSON object")
    boolean json;
}
