package io.millrace.local.launcher;

import io.millrace.local.deadletter.ReplayStream;
import io.millrace.local.reconcile.ReconcileProblem;
import io.millrace.local.reconcile.Reconciliation;
import io.millrace.local.reconcile.ResultText;
import io.millrace.local.reconcile.TableRepair;
import io.millrace.local.reconcile.TableResult;
import io.millrace.local.stack.Endpoints;
import io.millrace.local.stack.EndpointsFile;
import io.millrace.local.stack.LocalMaskingKey;
import io.millrace.local.stack.OtherStack;
import io.millrace.local.stack.StackProblem;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.schemas.pipeline.PipelineFile;
import io.millrace.schemas.pipeline.PipelineProblems;
import io.millrace.schemas.pipeline.Source;
import io.millrace.schemas.pipeline.TableRoute;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Compares the source with its targets. */
@Command(
        name = "reconcile",
        mixinStandardHelpOptions = true,
        description = "Compares every row and column of the source with Iceberg and OpenSearch. "
                + "Exit code 0 if all is equal, 1 if not.")
final class ReconcileCommand implements Callable<Integer> {
    private static final int REPAIR_TRIES = 3;

    @Option(names = "--pipeline", paramLabel = "FILE", required = true, description = "The pipeline file.")
    private Path pipeline;

    @Option(
            names = "--table",
            paramLabel = "T",
            description = "Only this table, such as public.shipments. May be given several times.")
    private List<String> tables = new ArrayList<>();

    @Option(
            names = "--connections",
            paramLabel = "FILE",
            description = "Where the servers are; those of the stack that runs in the data directory by default.")
    private @Nullable Path connections;

    @Mixin
    private DataOption data = new DataOption();

    @Option(
            names = "--settle",
            paramLabel = "TIME",
            defaultValue = "40s",
            converter = Durations.class,
            description =
                    "How long a row that differs is looked at again, as its change may be under way; 40s by default.")
    private Duration settle;

    @Option(
            names = "--show",
            paramLabel = "N",
            defaultValue = "10",
            description = "How many differing keys to show of each table and target; 10 by default.")
    private int show;

    @Option(names = "--full", description = "Read every row of every table, also of large ones.")
    private boolean full;

    @Option(
            names = "--checksums-from",
            paramLabel = "ROWS",
            description =
                    "Compare tables of at least so many rows by checksums, and then only those rows one by one whose"
                            + " checksums differ; 200,000 by default.")
    private long checksumsFrom = Reconciliation.CHECKSUMS_FROM;

    @Option(
            names = "--repair",
            description =
                    "Send the rows that differ through the pipeline once more, as the source has them, and compare"
                            + " again. What is newer in the pipeline stays.")
    private boolean repair;

    @Option(names = "--json", description = "Print everything as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Map<String, TableResult> byTable = new LinkedHashMap<>();
        List<TableRepair> repairs = new ArrayList<>();
        try {
            Pipeline complete = readPipeline();
            try (Reconciliation reconciliation =
                    new Reconciliation(complete, full ? Reconciliation.NO_CHECKSUMS : checksumsFrom, settle)) {
                List<TableRoute> routes = chosenTables(reconciliation.routes());
                for (TableRoute route : routes) {
                    byTable.put(route.table().toString(), reconciliation.compare(route));
                }
                if (repair) {
                    repair(complete, reconciliation, routes, byTable, repairs);
                }
            }
        } catch (PipelineProblems e) {
            throw StackProblem.usage(e.problems().stream()
                    .map(PipelineProblems.Problem::toString)
                    .toList());
        } catch (ReconcileProblem e) {
            throw StackProblem.failure(String.valueOf(e.getMessage()));
        }
        List<TableResult> results = List.copyOf(byTable.values());
        long mismatches = results.stream().mapToLong(TableResult::mismatches).sum();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Map<String, Object> report = new LinkedHashMap<>();
            report.put("equal", mismatches == 0);
            report.put("mismatches", mismatches);
            report.put("tables", results);
            if (repair) {
                report.put("repairs", repairs);
            }
            out.println(EndpointsFile.json(report));
        } else {
            repairs.forEach(table -> {
                out.println("  %,d rows of %s sent once more".formatted(table.sent(), table.table()));
                table.notSent().stream().limit(show).forEach(why -> out.println("  not sent: " + why));
            });
            ResultText.lines(results, show).forEach(out::println);
            out.println();
            out.println("mismatches: " + mismatches);
        }
        return mismatches == 0 ? 0 : 1;
    }

    /** A row that changes while it is read is newer in the pipeline than what was read: it is read again. */
    private void repair(
            Pipeline complete,
            Reconciliation reconciliation,
            List<TableRoute> routes,
            Map<String, TableResult> byTable,
            List<TableRepair> repairs) {
        try (ReplayStream stream = ReplayStream.of(complete, credentials())) {
            for (int tries = 0; tries < REPAIR_TRIES; tries++) {
                for (TableRoute route : routes) {
                    String name = route.table().toString();
                    TableResult result = Objects.requireNonNull(byTable.get(name));
                    if (result.mismatches() > 0) {
                        repairs.add(reconciliation.repair(route, result, stream));
                        byTable.put(name, reconciliation.compare(route));
                    }
                }
            }
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw StackProblem.failure(String.valueOf(e.getMessage()));
        }
    }

    private ReplayStream.@Nullable Credentials credentials() {
        OtherStack stack = OtherStack.in(data.directory());
        Optional<Endpoints> endpoints = connections == null && stack.isRunning() ? stack.endpoints() : Optional.empty();
        return endpoints
                .map(running -> new ReplayStream.Credentials(
                        running.credentials().accessKey(), running.credentials().secretKey()))
                .orElse(null);
    }

    private List<TableRoute> chosenTables(List<TableRoute> routes) {
        List<String> unknown = tables.stream()
                .filter(name -> routes.stream().noneMatch(route -> isNamed(route, name)))
                .map(name -> "Cannot find table " + name + " in the pipeline file. It has: "
                        + routes.stream()
                                .map(route -> route.table().qualifiedName())
                                .collect(Collectors.joining(", ")))
                .toList();
        if (!unknown.isEmpty()) {
            throw StackProblem.usage(unknown);
        }
        return routes.stream()
                .filter(route -> tables.isEmpty() || tables.stream().anyMatch(name -> isNamed(route, name)))
                .toList();
    }

    private static boolean isNamed(TableRoute route, String name) {
        return name.equals(route.table().toString())
                || name.equals(route.table().qualifiedName())
                || name.equals(route.table().name());
    }

    /** The pipeline with the addresses of all servers: those that the file leaves out are the running stack's. */
    private Pipeline readPipeline() {
        OtherStack stack = OtherStack.in(data.directory());
        Optional<Endpoints> endpoints = stack.isRunning() ? stack.endpoints() : Optional.empty();
        if (connections == null && endpoints.isEmpty()) {
            throw StackProblem.failure("Cannot find a running stack in: " + data.directory()
                    + ". Start it with ./millrace up --pipeline " + pipeline
                    + ", or say with --connections where the servers are.");
        }
        Path where = connections == null ? Path.of(endpoints.orElseThrow().connectionsFile()) : connections;
        Map<String, String> environment = LocalMaskingKey.environment(data.directory());
        Pipeline asWritten = PipelineFile.read(pipeline, where, environment);
        if (endpoints.isEmpty()) {
            return asWritten;
        }
        Pipeline running = PipelineFile.read(
                Path.of(endpoints.get().resolvedPipelineFile()),
                Path.of(endpoints.get().connectionsFile()),
                environment);
        List<Source> sources = asWritten.sources().stream()
                .map(source -> hasNoAddress(source)
                        ? running.sources().stream()
                                .filter(other -> other.name().equals(source.name()))
                                .findFirst()
                                .orElse(source)
                        : source)
                .toList();
        return new Pipeline(
                asWritten.name(),
                sources,
                asWritten.eventTime(),
                asWritten.sequencing(),
                asWritten.checkpoints(),
                asWritten.tables(),
                asWritten.connections(),
                asWritten.masking(),
                asWritten.ingestionMinutes());
    }

    private static boolean hasNoAddress(Source source) {
        return source.database() != null && source.database().host() == null;
    }
}
