package io.millrace.capture;

import io.millrace.capture.read.DebeziumReader;
import io.millrace.capture.status.CaptureMeter;
import io.millrace.capture.status.StatusServer;
import io.millrace.schemas.pipeline.PipelineFile;
import io.millrace.schemas.pipeline.PipelineProblems;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The capture's command line. Exit code 0: stopped as told; 2: wrong usage, configuration or database; 1: anything else. */
@Command(
        name = "millrace-capture",
        description = "Captures the changes of a source database and publishes them to its stream.")
public final class CaptureMain implements Callable<Integer> {
    private static final int STOP_MILLIS = 15_000;
    private static final Logger LOG = LoggerFactory.getLogger(CaptureMain.class);

    @Option(names = "--pipeline", required = true, paramLabel = "FILE", description = "The pipeline file.")
    private Path pipeline;

    @Option(
            names = "--connections",
            paramLabel = "FILE",
            description = "Where the servers are, if not in the pipeline file.")
    private @Nullable Path connections;

    @Option(
            names = "--source",
            paramLabel = "NAME",
            defaultValue = "",
            description = "The source to capture; needed if several have a database.")
    private String source;

    @Option(
            names = "--status-port",
            paramLabel = "N",
            description = "Serve /health and /status on this port of the loopback interface.")
    private @Nullable Integer statusPort;

    @Option(names = "--check", description = "Check the configuration and the database, and end.")
    private boolean checkOnly;

    @Option(
            names = "--strict",
            description = "Check like --check before anything else, also where a table that cannot be captured"
                    + " would not keep an earlier run from going on.")
    private boolean strict;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and end.")
    private boolean help;

    private CaptureMain() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new CaptureMain())
                .setParameterExceptionHandler((wrong, words) -> refuse(List.of("Cannot read command line: "
                        + String.valueOf(wrong.getMessage()).lines().findFirst().orElse("") + ". See --help")))
                .execute(args));
    }

    @Override
    public Integer call() throws InterruptedException {
        CaptureMeter meter = new CaptureMeter(Clock.systemUTC());
        try {
            CaptureConfig config = CaptureConfig.of(PipelineFile.read(pipeline, connections), source);
            Capture capture = new Capture(config, meter);
            if (checkOnly || strict) {
                capture.check();
            }
            if (checkOnly) {
                System.out.println("Source " + config.source().name() + " can be captured: "
                        + config.tables().size() + " tables");
                return 0;
            }
            return run(capture, Capture.Servers.of(config), meter);
        } catch (PipelineProblems e) {
            return refuse(e.problems().stream()
                    .map(PipelineProblems.Problem::toString)
                    .toList());
        } catch (ConfigurationException e) {
            return refuse(e.problems());
        } catch (RuntimeException e) {
            LOG.error("Cannot capture", e);
            System.err.println(e.getMessage());
            return 1;
        }
    }

    /** Runs a capture until the process is told to stop, or the capture fails. */
    private int run(Capture capture, Capture.Servers servers, CaptureMeter meter) throws InterruptedException {
        try (StatusServer server = statusPort == null ? null : serve(statusPort, meter)) {
            DebeziumReader reader = capture.prepare(servers);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> reader.stop(STOP_MILLIS), "stop"));
            Throwable failure = reader.run();
            if (failure == null) {
                return 0;
            }
            meter.failed(String.valueOf(failure.getMessage()));
            LOG.error("Cannot go on capturing", failure);
            System.err.println(Failures.explain(failure));
            return 1;
        }
    }

    private static StatusServer serve(int port, CaptureMeter meter) {
        try {
            return StatusServer.start(port, meter::status);
        } catch (IOException e) {
            throw new ConfigurationException(List.of("Cannot serve status on port: " + port
                    + ". Give another one with --status-port (" + e.getMessage() + ")"));
        }
    }

    private static int refuse(List<String> problems) {
        problems.forEach(System.err::println);
        return 2;
    }
}
