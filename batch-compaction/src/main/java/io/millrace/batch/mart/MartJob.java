package io.millrace.batch.mart;

import io.millrace.batch.Located;
import io.millrace.batch.SparkMain;
import io.millrace.batch.WrongUsage;
import io.millrace.batch.mart.asof.DaySnapshots;
import io.millrace.batch.mart.deadline.Alerts;
import io.millrace.batch.mart.deadline.DeadlineWatch;
import io.millrace.batch.mart.deadline.SnsTopic;
import io.millrace.batch.mart.deadline.Webhook;
import io.millrace.batch.report.Quantities;
import io.millrace.schemas.pipeline.Mart;
import io.millrace.schemas.pipeline.MartFile;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.schemas.pipeline.PipelineFile;
import io.millrace.schemas.pipeline.PipelineProblems;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/**
 * Computes the marts of a file for a day or for a range of days: {@code spark-submit --class io.millrace.batch.mart.MartJob
 * millrace-batch-compaction-job.jar --pipeline FILE [--connections FILE] --marts FILE (--date DAY | --from DAY --to DAY)}.
 *
 * <p>Exit codes: 0 all days are published; 3 they are, but after the deadline; 1 a day could not be computed or did not pass
 * its checks; 2 wrong usage or configuration. Standard output has the result, and nothing else.
 */
public final class MartJob {
    private static final Logger LOG = LoggerFactory.getLogger(MartJob.class);

    private final MartOptions options;
    private final PrintWriter out;
    private final Clock clock;

    private MartJob(MartOptions options, PrintWriter out, Clock clock) {
        this.options = options;
        this.out = out;
        this.clock = clock;
    }

    public static void main(String[] args) throws InterruptedException {
        SparkMain.run("millrace marts", (out, err, session) -> run(args, out, err, session, Clock.systemUTC()));
    }

    /** Runs the job; the session is asked for once the arguments and files are known to be right. */
    static int run(String[] args, PrintWriter out, PrintWriter err, Supplier<SparkSession> session, Clock clock)
            throws InterruptedException {
        MartOptions options = new MartOptions();
        CommandLine line = new CommandLine(options).registerConverter(Duration.class, Quantities::time);
        try {
            line.parseArgs(args);
            if (line.isUsageHelpRequested()) {
                line.usage(out);
                return 0;
            }
            Pipeline pipeline = PipelineFile.read(
                    Located.fetch(options.pipeline),
                    options.connections == null ? null : Located.fetch(options.connections));
            return new MartJob(options, out, clock).run(pipeline, MartFile.read(Located.fetch(options.marts)), session);
        } catch (CommandLine.ParameterException e) {
            err.println("Cannot read the command line: " + e.getMessage());
            return 2;
        } catch (PipelineProblems | WrongUsage e) {
            err.println(e.getMessage());
            return 2;
        } catch (IOException | RuntimeException e) {
            LOG.error("Cannot compute marts", e);
            String message = String.valueOf(e.getMessage());
            err.println(message.startsWith("Cannot") ? message : "Cannot compute marts: " + message);
            return 1;
        }
    }

    private int run(Pipeline pipeline, List<Mart> all, Supplier<SparkSession> session)
            throws InterruptedException, IOException {
        List<Mart> marts = asked(all);
        List<LocalDate> days = days();
        if (options.parallel < 1) {
            throw new WrongUsage(
                    "Cannot compute " + options.parallel + " days beside each other. Give --parallel 1 or more.");
        }
        URI alert = options.alert;
        if (alert != null
                && !SnsTopic.isOne(alert)
                && !List.of("http", "https").contains(String.valueOf(alert.getScheme()))) {
            throw new WrongUsage("Cannot send alerts to --alert " + alert
                    + ". Give a web address (https://…) or an SNS topic's (arn:aws:sns:REGION:ACCOUNT:NAME).");
        }
        if (options.deadline != null && days.size() > 1) {
            throw new WrongUsage("Cannot keep a deadline for several days. Give --deadline with --date.");
        }
        SparkSession spark = session.get();
        try (Lake lake = new Lake(spark, pipeline.connections().iceberg())) {
            MartRun run = new MartRun(lake, new DaySnapshots(options.settle, options.keepDays, clock.instant()), clock);
            MartReport report = new MartReport(options.json, out);
            try (DeadlineWatch watch = watch(pipeline, lake, marts, days.get(0))) {
                boolean published = new MartDays(run, marts, options.parallel, options.anew, report, watch).run(days);
                boolean late = watch != null && watch.missed();
                report.close(late);
                return !published ? 1 : late ? 3 : 0;
            }
        }
    }

    private @Nullable DeadlineWatch watch(Pipeline pipeline, Lake lake, List<Mart> marts, LocalDate day) {
        LocalTime due = options.deadline;
        if (due == null) {
            return null;
        }
        Instant deadline =
                day.plusDays(1).atTime(due).atZone(marts.get(0).timeZone()).toInstant();
        Map<String, Duration> usual = new LinkedHashMap<>();
        marts.forEach(mart -> usual.put(mart.table(), PastRuns.usual(lake.catalog(), mart)));
        DeadlineWatch watch = new DeadlineWatch(
                pipeline.name() + " of " + day, deadline, options.margin, usual, alerts(pipeline.name()), clock);
        watch.start();
        return watch;
    }

    private Alerts alerts(String pipeline) {
        URI address = options.alert;
        if (address == null) {
            return (text, tables) -> LOG.warn(text);
        }
        return SnsTopic.isOne(address) ? SnsTopic.of(address, pipeline) : new Webhook(address, pipeline);
    }

    private List<Mart> asked(List<Mart> all) {
        if (options.tables.isEmpty()) {
            return all;
        }
        List<String> known = all.stream().map(Mart::table).toList();
        options.tables.stream()
                .filter(table -> !known.contains(table))
                .findFirst()
                .ifPresent(table -> {
                    throw new WrongUsage("Cannot find mart " + table + " in " + options.marts + ". There are "
                            + String.join(", ", known) + ".");
                });
        return all.stream()
                .filter(mart -> options.tables.contains(mart.table()))
                .toList();
    }

    private List<LocalDate> days() {
        if (options.days.date != null) {
            return List.of(options.days.date);
        }
        MartOptions.Range range = Objects.requireNonNull(options.days.range, "picocli wants one of both");
        if (range.to.isBefore(range.from)) {
            throw new WrongUsage(
                    "Cannot compute from " + range.from + " to " + range.to + ". Give the earlier day first.");
        }
        return range.from.datesUntil(range.to.plusDays(1)).toList();
    }
}
