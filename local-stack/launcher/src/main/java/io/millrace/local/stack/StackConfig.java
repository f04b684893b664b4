package io.millrace.local.stack;

import java.nio.file.Path;

/**
 * What to start, and where.
 *
 * @param installation the built project
 * @param pipelineFile the pipeline file as the user wrote it
 * @param data keeps what the servers store, so that a later start finds it again; made if it does not exist
 * @param logs gets one log file a component; made if it does not exist
 * @param ports where the components listen
 */
public record StackConfig(Installation installation, Path pipelineFile, Path data, Path logs, Ports ports) {

    public StackConfig {
        pipelineFile = pipelineFile.toAbsolutePath().normalize();
        data = data.toAbsolutePath().normalize();
        logs = logs.toAbsolutePath().normalize();
    }

    /**
     * A stack with its logs where users look for them: the project's {@code .millrace/logs} for a data directory in
     * {@code .millrace}, else {@code logs} in the data directory.
     */
    public static StackConfig of(Installation installation, Path pipelineFile, Path data, Ports ports) {
        Path absolute = data.toAbsolutePath().normalize();
        Path home = installation.home();
        Path logs = home.equals(absolute.getParent()) ? home.resolve("logs") : absolute.resolve("logs");
        return new StackConfig(installation, pipelineFile, absolute, logs, ports);
    }

    /** The pipeline file that the stack's own processes get: the user's, with the addresses of local databases. */
    public Path resolvedPipelineFile() {
        return data.resolve("pipeline.yaml");
    }

    /** Where the stack's servers are, as a connections file. */
    public Path connectionsFile() {
        return data.resolve("connections.yaml");
    }

    /** Everything one needs to look at the running stack; see {@link Endpoints}. */
    public Path endpointsFile() {
        return data.resolve("endpoints.json");
    }

    /** A component's log file. */
    public Path log(String component) {
        return logs.resolve(component + ".log");
    }
}
