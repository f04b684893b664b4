package io.millrace.local.flink;

import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.configuration.BlobServerOptions;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.metrics.prometheus.LoopbackPrometheusReporterFactory;
import org.jspecify.annotations.Nullable;

/** What an operator would write into a cluster's {@code config.yaml}, for a cluster on this machine. */
final class ClusterSettings {

    private static final String LOOPBACK = "127.0.0.1";
    private static final MemorySize MANAGED = MemorySize.ofMebiBytes(384);
    private static final MemorySize NETWORK = MemorySize.ofMebiBytes(64);

    private ClusterSettings() {}

    /**
     * Settings of a cluster in one process.
     *
     * @param port of REST and the web UI
     * @param metricsPort where Prometheus reads metrics
     * @param slots task slots and default parallelism
     * @param data a directory for temporary files
     * @param checkpoints the URI under which checkpoints are kept
     * @param s3Endpoint the address of S3, if it is not AWS's own
     */
    static Configuration of(
            int port, int metricsPort, int slots, Path data, String checkpoints, @Nullable String s3Endpoint) {
        Configuration settings = new Configuration();
        settings.set(RestOptions.ADDRESS, LOOPBACK);
        settings.set(RestOptions.BIND_ADDRESS, LOOPBACK);
        settings.set(RestOptions.PORT, port);
        settings.set(RestOptions.BIND_PORT, Integer.toString(port));
        settings.set(WebOptions.SUBMIT_ENABLE, false);
        settings.set(JobManagerOptions.ADDRESS, LOOPBACK);
        settings.set(JobManagerOptions.BIND_HOST, LOOPBACK);
        settings.set(TaskManagerOptions.HOST, LOOPBACK);
        settings.set(TaskManagerOptions.BIND_HOST, LOOPBACK);
        settings.set(BlobServerOptions.STORAGE_DIRECTORY, data.resolve("blobs").toString());
        settings.set(CoreOptions.TMP_DIRS, data.resolve("tmp").toString());
        settings.set(CoreOptions.DEFAULT_PARALLELISM, slots);
        settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MANAGED);
        settings.set(TaskManagerOptions.NETWORK_MEMORY_MIN, NETWORK);
        settings.set(TaskManagerOptions.NETWORK_MEMORY_MAX, NETWORK);

        settings.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        settings.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        settings.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints);
        settings.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        settings.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
        settings.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF, Duration.ofSeconds(1));
        settings.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF, Duration.ofSeconds(20));

        settings.setString(
                "metrics.reporter.prometheus.factory.class", LoopbackPrometheusReporterFactory.class.getName());
        settings.setString("metrics.reporter.prometheus.port", Integer.toString(metricsPort));
        // The status command and the demo's progress read metrics over REST.
        settings.set(MetricOptions.METRIC_FETCHER_UPDATE_INTERVAL, Duration.ofSeconds(1));
        settings.set(DeploymentOptions.TARGET, "remote");
        settings.set(DeploymentOptions.ATTACHED, false);
        if (s3Endpoint != null) {
            settings.setString("s3.endpoint", s3Endpoint);
            settings.setString("s3.path.style.access", "true");
        }
        return settings;
    }
}
