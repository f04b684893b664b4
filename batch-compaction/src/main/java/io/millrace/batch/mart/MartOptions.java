package io.millrace.batch.mart;

import java.net.URI;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of {@link MartJob}. */
@Command(
        name = "marts",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Computes the tables of a mart file for a day, or for each day of a range.")
final class MartOptions {
    @Option(names = "--pipeline", required = true, paramLabel = "FILE", description = "whose catalog the tables are in")
    String pipeline;

    @Option(
            names = "--connections",
            paramLabel = "FILE",
            description = "where the servers are, if not in the pipeline file")
    @Nullable
    String connections;

    @Option(names = "--marts", required = true, paramLabel = "FILE", description = "what is computed")
    String marts;

    @Option(
            names = "--table",
            paramLabel = "NS.NAME",
            description = "a mart; all of the file's, in its order, if none is named")
    List<String> tables = List.of();

    @ArgGroup(multiplicity = "1")
    Days days = new Days();

    /** One day or several. */
    static final class Days {
        @Option(names = "--date", paramLabel = "DAY", description = "the day, such as 2024-02-29")
        @Nullable
        LocalDate date;

        @ArgGroup(exclusive = false)
        @Nullable
        Range range;
    }

    /** A range of days. */
    static final class Range {
        @Option(names = "--from", required = true, paramLabel = "DAY", description = "the first day")
        LocalDate from;

        @Option(names = "--to", required = true, paramLabel = "DAY", description = "the last day")
        LocalDate to;
    }

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "1",
            description = "days computed beside each other; default: ${DEFAULT-VALUE}")
    int parallel;

    @Option(
            names = "--anew",
            description = "compute days again that were published from the same inputs by the same definition")
    boolean anew;

    @Option(
            names = "--settle",
            paramLabel = "TIME",
            defaultValue = "1m",
            description = "how long after a day's end its last changes may arrive; default: ${DEFAULT-VALUE}")
    Duration settle;

    @Option(
            names = "--keep-days",
            paramLabel = "TIME",
            defaultValue = "35d",
            description = "how long the inputs' snapshots of a day are kept for reruns; default: ${DEFAULT-VALUE}")
    Duration keepDays;

    @Option(
            names = "--deadline",
            paramLabel = "HH:MM",
            description = "when the day has to be published, on the day after it, in the first mart's time zone")
    @Nullable
    LocalTime deadline;

    @Option(
            names = "--margin",
            paramLabel = "TIME",
            defaultValue = "30m",
            description = "how long before the deadline it should be; alerts if it will not; default: ${DEFAULT-VALUE}")
    Duration margin;

    @Option(
            names = "--alert",
            paramLabel = "ADDRESS",
            description = "where alerts go: a web address, posted to as JSON, or an SNS topic's (arn:aws:sns:…)")
    @Nullable
    URI alert;

    @Option(names = "--json", description = "print the result as one JSON object")
    boolean json;
}
