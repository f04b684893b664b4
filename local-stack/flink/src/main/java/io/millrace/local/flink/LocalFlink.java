package io.millrace.local.flink;

import io.millrace.local.process.CannotStart;
import io.millrace.local.process.LocalPort;
import io.millrace.local.process.ServerCommand;
import io.millrace.local.process.ServerProcess;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.plugin.PluginUtils;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * A Flink cluster in one process, with its web UI, and the ingestion job on it.
 *
 * <p>The job is taken as the deployable jar, as a cluster takes it. A start resumes from the newest complete checkpoint, so
 * that the process may be killed at any moment. The process ends with exit code 1 when the job has failed for good.
 *
 * <p>The S3 file system is expected as a Flink plugin: {@code FLINK_PLUGINS_DIR} names the directory of plugins. Its
 * credentials come from the environment ({@code AWS_ACCESS_KEY_ID}, {@code AWS_SECRET_ACCESS_KEY}).
 */
@Command(name = "flink")
public final class LocalFlink implements ServerCommand {

    @Option(names = "--port", required = true, description = "Port of the web UI and REST.")
    private int port;

    @Option(names = "--metrics-port", required = true, description = "Port where Prometheus reads metrics.")
    private int metricsPort;

    @Option(names = "--job", required = true, description = "The deployable jar.")
    private File job;

    @Option(names = "--pipeline", required = true, description = "The pipeline file.")
    private File pipeline;

    @Option(names = "--connections", required = true, description = "The connections file.")
    private File connections;

    @Option(names = "--checkpoints", required = true, description = "Where checkpoints are kept: a directory's URI.")
    private String checkpoints;

    @Option(names = "--s3-endpoint", description = "The address of S3, if it is not AWS's own.")
    private @Nullable String s3Endpoint;

    @Option(names = "--data", required = true, description = "A directory for files that a restart does not need.")
    private Path data;

    @Option(names = "--slots", defaultValue = "2", description = "Task slots, which are the job's parallelism.")
    private int slots;

    /** Runs the cluster and the job until the process is told to stop. */
    public static void main(String[] args) {
        ServerProcess.main(new LocalFlink(), args);
    }

    @Override
    public String title() {
        return "Flink";
    }

    @Override
    public AutoCloseable start() throws Exception {
        LocalPort.requireFree(title(), port);
        LocalPort.requireFree(title(), metricsPort);
        if (!job.isFile()) {
            throw new CannotStart("Cannot find the job's jar: " + job + ". Build the project first.");
        }
        Files.createDirectories(data);
        Configuration settings = ClusterSettings.of(port, metricsPort, slots, data, checkpoints, s3Endpoint);
        FileSystem.initialize(settings, PluginUtils.createPluginManagerFromRootFolder(settings));
        Optional<String> checkpoint = RetainedCheckpoints.under(checkpoints).newest();
        RunningJob running = RunningJob.start(
                settings,
                job,
                List.of("--pipeline", pipeline.getPath(), "--connections", connections.getPath()),
                checkpoint.orElse(null));
        running.onFailure(failure -> {
            System.err.println("Cannot keep the job running: " + failure + ". See its log above.");
            System.exit(1);
        });
        return running;
    }
}
