package io.millrace.local.launcher;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** Computes the daily tables of one day. */
@Command(
        name = "daily",
        mixinStandardHelpOptions = true,
        description =
                "Computes the daily tables as of the end of a day, checks them on a branch and publishes them. A rerun reads"
                        + " the same snapshots. Exit code 0 if all are published, 3 if after the deadline, 1 if one is not.",
        footer = {
            "",
            "More options of the job: --settle 1m, --keep-days 35d, --margin 30m; see batch-compaction/README.md."
        })
final class DailyCommand implements Callable<Integer> {

    @Option(
            names = "--date",
            paramLabel = "DAY",
            description = "The day, such as 2024-02-29; yesterday by default, in UTC.")
    private @Nullable LocalDate date;

    @Option(
            names = "--deadline",
            paramLabel = "HH:MM",
            description =
                    "When the day has to be published, on the day after it; alerts once if it will not be, once if it is"
                            + " not.")
    private @Nullable String deadline;

    @Option(
            names = "--alert",
            paramLabel = "ADDRESS",
            description = "Where alerts go: a web address, posted to as JSON, or an SNS topic; else they are logged.")
    private @Nullable String alert;

    @Mixin
    private MartArguments marts = new MartArguments();

    /** The job's own options. */
    @Unmatched
    private List<String> more = new ArrayList<>();

    @Override
    public Integer call() throws InterruptedException {
        LocalDate day = date == null ? LocalDate.now(ZoneOffset.UTC).minusDays(1) : date;
        List<String> arguments = new ArrayList<>(List.of("--date", day.toString()));
        if (deadline != null) {
            arguments.addAll(List.of("--deadline", deadline));
        }
        if (alert != null) {
            arguments.addAll(List.of("--alert", alert));
        }
        return marts.run(arguments, more);
    }
}
