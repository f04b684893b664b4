package io.millrace.local.launcher;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** Computes the daily tables of a range of days. */
@Command(
        name = "backfill",
        mixinStandardHelpOptions = true,
        description =
                "Computes the daily tables of a range of days, each independent of the others. A day that fails is reported;"
                        + " the same command again computes only what is not published. Exit code 0 if all days are.")
final class BackfillCommand implements Callable<Integer> {

    @Option(names = "--from", required = true, paramLabel = "DAY", description = "The first day, such as 2024-02-01.")
    private LocalDate from;

    @Option(names = "--to", required = true, paramLabel = "DAY", description = "The last day.")
    private LocalDate to;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "1",
            description = "Days computed beside each other; 1 by default.")
    private int parallel;

    @Mixin
    private MartArguments marts = new MartArguments();

    /** The job's own options. */
    @Unmatched
    private List<String> more = new ArrayList<>();

    @Override
    public Integer call() throws InterruptedException {
        return marts.run(
                List.of("--from", from.toString(), "--to", to.toString(), "--parallel", Integer.toString(parallel)),
                more);
    }
}
