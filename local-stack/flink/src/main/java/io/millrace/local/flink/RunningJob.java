package io.millrace.local.flink;

import java.io.File;
import java.net.URL;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.flink.client.ClientUtils;
import org.apache.flink.client.program.PackagedProgram;
import org.apache.flink.configuration.ConfigUtils;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.core.execution.DefaultExecutorServiceLoader;
import org.apache.flink.core.execution.RestoreMode;
import org.apache.flink.runtime.client.JobStatusMessage;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A cluster in this process with one job on it. */
final class RunningJob implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RunningJob.class);
    private static final long CLOSE_SECONDS = 20;

    private final MiniCluster cluster;
    private final JobStatusMessage job;
    private volatile boolean closing;

    private RunningJob(MiniCluster cluster, JobStatusMessage job) {
        this.cluster = cluster;
        this.job = job;
    }

    /**
     * Starts the cluster and submits the job over REST.
     *
     * @param settings of the cluster
     * @param jar the job; its manifest names the main class
     * @param args the main class's arguments
     * @param checkpoint what to resume from; null to start with empty state
     */
    static RunningJob start(Configuration settings, File jar, List<String> args, @Nullable String checkpoint)
            throws Exception {
        MiniCluster cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(settings)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(settings.get(CoreOptions.DEFAULT_PARALLELISM))
                .build());
        try {
            cluster.start();
            submit(settings, jar, args, checkpoint);
            Collection<JobStatusMessage> jobs = cluster.listJobs().get();
            if (jobs.size() != 1) {
                throw new IllegalStateException(
                        "Cannot tell which job is the pipeline's: " + jar.getName() + " submitted " + jobs.size());
            }
            return new RunningJob(cluster, jobs.iterator().next());
        } catch (Exception | LinkageError e) {
            cluster.close();
            throw e;
        }
    }

    private static void submit(Configuration settings, File jar, List<String> args, @Nullable String checkpoint)
            throws Exception {
        LOG.info("Submitting the job, {}", checkpoint == null ? "with empty state" : "resuming from " + checkpoint);
        // The claimed checkpoint is deleted once the job has made one of its own; nothing piles up.
        SavepointRestoreSettings restore = checkpoint == null
                ? SavepointRestoreSettings.none()
                // A step that the pipeline file no longer asks for leaves its state behind.
                : SavepointRestoreSettings.forPath(checkpoint, true, RestoreMode.CLAIM);
        Configuration submission = new Configuration(settings);
        SavepointRestoreSettings.toConfiguration(restore, submission);
        try (PackagedProgram program = PackagedProgram.newBuilder()
                .setJarFile(jar)
                .setArguments(args.toArray(String[]::new))
                .setConfiguration(submission)
                .setSavepointRestoreSettings(restore)
                .build()) {
            // On one machine everybody reads the jar where it is: nothing is uploaded, hashed and fetched.
            ConfigUtils.encodeCollectionToConfig(
                    submission, PipelineOptions.CLASSPATHS, program.getJobJarAndDependencies(), URL::toString);
            ClientUtils.executeProgram(new DefaultExecutorServiceLoader(), submission, program, false, false);
        }
    }

    /** Calls back, once, when the job has ended although nobody closed it. */
    void onFailure(Consumer<String> callback) {
        var unused = cluster.requestJobResult(job.getJobId()).whenComplete((result, failure) -> {
            if (!closing) {
                LOG.error("The job has ended: {}", outcome(result), failure == null ? cause(result) : failure);
                callback.accept(outcome(result));
            }
        });
    }

    private static String outcome(@Nullable JobResult result) {
        return result == null ? "UNKNOWN" : result.getApplicationStatus().name();
    }

    private static @Nullable Throwable cause(JobResult result) {
        return result.getSerializedThrowable().orElse(null);
    }

    /** Ends the cluster. The job's checkpoints stay, and the next start resumes from the newest. */
    @Override
    public void close() throws Exception {
        closing = true;
        cluster.closeAsync().get(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
}
