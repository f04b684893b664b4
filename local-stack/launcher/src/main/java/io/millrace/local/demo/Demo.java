package io.millrace.local.demo;

import io.millrace.local.demo.freshness.FreshnessProbe;
import io.millrace.local.demo.freshness.Percentiles;
import io.millrace.local.demo.progress.Dashboard;
import io.millrace.local.demo.progress.Figures;
import io.millrace.local.demo.progress.Screen;
import io.millrace.local.demo.workload.Workload;
import io.millrace.local.demo.workload.WorkloadConfig;
import io.millrace.local.demo.workload.WorkloadCounts;
import io.millrace.local.iceberg.IcebergFiles;
import io.millrace.local.reconcile.Reconciliation;
import io.millrace.local.reconcile.SearchCluster;
import io.millrace.local.reconcile.TableResult;
import io.millrace.local.stack.Endpoints;
import io.millrace.local.stack.LocalMaskingKey;
import io.millrace.local.stack.Stack;
import io.millrace.local.stack.StackProblem;
import io.millrace.local.status.Accounting;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.schemas.pipeline.PipelineFile;
import io.millrace.schemas.pipeline.TableRoute;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Shows the whole platform: starts it, works on the source, waits for the targets, compares, reports.
 *
 * <pre>
 * empty directory → stack → snapshot → warm-up → workload → catch up → compare → report (→ stay)
 * </pre>
 */
public final class Demo {
    /** Targets that show nothing new for so long are not waited for any more. */
    private static final Duration STANDSTILL = Duration.ofSeconds(60);

    private static final Duration SETTLE = Duration.ofSeconds(40);
    private static final Duration SETTLE_AFTER_STANDSTILL = Duration.ofSeconds(5);
    /** How long the job's books may take to come to rest. */
    private static final Duration BALANCE = Duration.ofSeconds(30);

    /** Before freshness is measured, the JVMs compile what they run: updates, deletes and commits that a snapshot has none of. */
    private static final Duration WARM_UP = Duration.ofSeconds(12);

    private static final double WARM_UP_PACE = 0.3;

    private static final Duration REDRAW = Duration.ofMillis(500);

    private final DemoConfig config;
    private final Screen screen;

    public Demo(DemoConfig config, Screen screen) {
        this.config = config;
        this.screen = screen;
    }

    /**
     * Runs it to the end.
     *
     * @return whether source and targets are equal and every record is accounted for
     * @throws StackProblem if the platform does not start, or the workload cannot go on
     */
    public boolean run() throws IOException, InterruptedException, SQLException {
        DemoDirectory.prepare(config.stack().data(), screen::say);
        screen.say("Starting PostgreSQL, Kinesis, S3, OpenSearch, the schema registry, the captures and the Flink job");
        try (Stack stack = Stack.start(config.stack(), line -> screen.say("  " + line))) {
            Duration start = Duration.between(config.started(), Instant.now());
            Run run = new Run(stack);
            boolean equal = run.toTheEnd(start);
            if (config.stay()) {
                screen.say("");
                screen.say("Everything stays up until Ctrl-C. Change a row and look for it:");
                DemoSummary.suggestions(stack.endpoints(), config.stack()).forEach(screen::say);
                stack.awaitEnd();
            } else {
                screen.say("Stopping everything (--stay keeps it up, to look around)");
            }
            return equal;
        }
    }

    /** Where a report is written to. */
    static Path reportFile(Path data) {
        return data.resolve("report.json");
    }

    /** What happens while the stack is up. */
    private final class Run {
        private final Stack stack;
        private final Pipeline pipeline;
        private final Map<String, Endpoints.Jdbc> databases = new LinkedHashMap<>();
        private final List<String> tables;
        private final CaptureCounts capture;
        private final Dashboard dashboard = new Dashboard();
        private Percentiles opensearch = Percentiles.NONE;
        private Percentiles iceberg = Percentiles.NONE;

        Run(Stack stack) {
            this.stack = stack;
            this.pipeline = PipelineFile.read(
                    config.stack().resolvedPipelineFile(),
                    config.stack().connectionsFile(),
                    LocalMaskingKey.environment(config.stack().data()));
            Endpoints endpoints = stack.endpoints();
            List<String> captures = new ArrayList<>();
            endpoints.sources().forEach((name, source) -> {
                databases.put(name, Objects.requireNonNull(source.database(), "The demo's sources have databases"));
                captures.add(endpoints
                        .component(Objects.requireNonNull(source.capture()))
                        .address());
            });
            this.capture = new CaptureCounts(captures);
            this.tables = pipeline.tables().stream()
                    .map(route -> route.table().qualifiedName())
                    .toList();
        }

        boolean toTheEnd(Duration start) throws IOException, InterruptedException, SQLException {
            try (FreshnessProbe probe = new FreshnessProbe(pipeline)) {
                screen.say("Everything is up after %.1f s. Waiting for the rows that were there before:"
                        .formatted(start.toMillis() / 1000.0));
                awaitTargets("snapshot", probe, 0, Instant.now());
                screen.say("Warming up for %d s:".formatted(WARM_UP.toSeconds()));
                work("warm-up", WARM_UP, config.rate() * WARM_UP_PACE, config.seed() + 1, probe);
                screen.say("Working on the source for %d s at %.0f changes/s, seed %d:"
                        .formatted(config.duration().toSeconds(), config.rate(), config.seed()));
                Instant measured = Instant.now();
                probe.opensearch().measureFrom(measured);
                probe.iceberg().measureFrom(measured);
                WorkloadCounts counts = work("workload", config.duration(), config.rate(), config.seed(), probe);
                Instant end = Instant.now();
                boolean caughtUp = catchUp(probe, counts, end);
                Duration catchUp = Duration.between(end, Instant.now());
                Map<String, Long> captured = capture.read();
                // Who has shown nothing new for long is not waited for again.
                List<TableResult> results = compare(caughtUp ? SETTLE : SETTLE_AFTER_STANDSTILL);
                DemoReport report = DemoReports.make(
                        config,
                        counts,
                        captured,
                        probe,
                        results,
                        IcebergFiles.ofTables(pipeline),
                        Accounting.readAtRest(stack.endpoints(), BALANCE).orElse(null),
                        start,
                        catchUp,
                        caughtUp);
                DemoReports.write(report, reportFile(config.stack().data()));
                DemoSummary.lines(report, results, config).forEach(screen::say);
                return report.equal() && report.accountedFor();
            }
        }

        private WorkloadCounts work(String phase, Duration duration, double rate, long seed, FreshnessProbe probe)
                throws InterruptedException, SQLException {
            Instant start = Instant.now();
            Map<String, WorkloadConfig.Login> logins = new HashMap<>();
            databases.forEach((source, database) -> logins.put(
                    source, new WorkloadConfig.Login(database.jdbcUrl(), database.user(), database.password())));
            Workload workload = Workload.start(new WorkloadConfig(logins, rate, config.lanes(), seed));
            try (workload) {
                Duration elapsed = Duration.ZERO;
                while (elapsed.compareTo(duration) < 0 && workload.failure() == null) {
                    show(phase, start, duration, workload.counts().changes(), probe);
                    Thread.sleep(REDRAW.toMillis());
                    elapsed = Duration.between(start, Instant.now());
                }
            }
            WorkloadCounts counts = workload.stop();
            Exception failure = workload.failure();
            if (failure != null) {
                throw StackProblem.failure("Cannot go on with the workload: " + failure.getMessage()
                        + ". See the logs in " + config.stack().logs());
            }
            show(phase, start, duration, counts.changes(), probe);
            screen.keepBlock();
            return counts;
        }

        private boolean catchUp(FreshnessProbe probe, WorkloadCounts counts, Instant start)
                throws InterruptedException, SQLException {
            screen.say("The workload has ended. Waiting until the targets have caught up:");
            boolean done = awaitTargets("catch up", probe, counts.changes(), start);
            if (!done) {
                screen.say("The targets show nothing new any more and have not caught up. What they lack:");
            }
            return done;
        }

        /** Waits until the targets hold what the source holds now, or stand still. */
        private boolean awaitTargets(String phase, FreshnessProbe probe, long committed, Instant start)
                throws InterruptedException, SQLException {
            CatchUp targets = new CatchUp(
                    pipeline.tables(),
                    probe,
                    SearchCluster.of(pipeline.connections().opensearch()));
            Map<String, SourceState> source = SourceState.read(pipeline, databases);
            boolean done = targets.isDone(source);
            long seen = -1;
            Instant lastSeen = start;
            while (!done && Duration.between(lastSeen, Instant.now()).compareTo(STANDSTILL) < 0) {
                show(phase, start, Duration.ZERO, committed, probe);
                Thread.sleep(REDRAW.toMillis());
                done = targets.isDone(source);
                long seenNow = probe.opensearch().versions() + probe.iceberg().versions();
                if (seenNow != seen) {
                    seen = seenNow;
                    lastSeen = Instant.now();
                }
            }
            show(phase, start, Duration.ZERO, committed, probe);
            screen.keepBlock();
            return done;
        }

        private List<TableResult> compare(Duration settle) {
            screen.say("Comparing every row and column of the source with both targets");
            List<TableResult> results = new ArrayList<>();
            try (Reconciliation reconciliation = new Reconciliation(pipeline, Reconciliation.NO_CHECKSUMS, settle)) {
                for (TableRoute route : pipeline.tables()) {
                    results.add(reconciliation.compare(route));
                }
            }
            return results;
        }

        private void show(String phase, Instant start, Duration total, long committed, FreshnessProbe probe)
                throws InterruptedException {
            Map<String, Long> captured = capture.read();
            List<Figures.TableFigures> perTable = tables.stream()
                    .map(table -> new Figures.TableFigures(
                            table,
                            captured.getOrDefault(table, 0L),
                            probe.opensearch().versions(table),
                            probe.iceberg().versions(table)))
                    .toList();
            opensearch = newest(opensearch, probe.opensearch().recent());
            iceberg = newest(iceberg, probe.iceberg().recent());
            Figures figures = new Figures(
                    phase, Duration.between(start, Instant.now()), total, committed, perTable, opensearch, iceberg);
            long now = System.nanoTime();
            dashboard.update(figures, now);
            screen.show(dashboard, figures, now);
        }

        /** A target that shows nothing new at the moment is as it was. */
        private static Percentiles newest(Percentiles last, Percentiles recent) {
            return recent.count() == 0 ? last : recent;
        }
    }
}
