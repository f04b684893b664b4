package io.millrace.local.batch;

import io.millrace.local.stack.Endpoints;
import io.millrace.local.stack.Installation;
import io.millrace.local.stack.OtherStack;
import io.millrace.local.stack.StackProblem;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a batch job works on.
 *
 * @param pipeline the pipeline file
 * @param connections where the servers are
 * @param log the log file for the job
 */
public record Servers(Path pipeline, Path connections, Path log) {

    /**
     * The servers of the stack that runs in a data directory, or those of a connections file.
     *
     * @param job the job's name, for its log file
     * @param pipeline the pipeline file; that of the running stack if null
     * @param connections the connections file; that of the running stack if null
     * @throws StackProblem if no stack runs, and not both files are given
     */
    public static Servers find(String job, Path data, @Nullable Path pipeline, @Nullable Path connections) {
        Optional<Endpoints> running = OtherStack.in(data).endpoints();
        if (running.isEmpty()) {
            if (pipeline != null && connections != null) {
                return new Servers(
                        pipeline,
                        connections,
                        Installation.here().home().resolve("logs").resolve(job + ".log"));
            }
            throw StackProblem.failure("Cannot find a running stack in: " + data
                    + ". Start it with ./millrace up --pipeline FILE, or say with --pipeline and --connections what flows and"
                    + " where the servers are.");
        }
        Endpoints endpoints = running.get();
        return new Servers(
                pipeline == null ? Path.of(endpoints.resolvedPipelineFile()) : pipeline,
                connections == null ? Path.of(endpoints.connectionsFile()) : connections,
                Path.of(endpoints.components().values().iterator().next().log()).resolveSibling(job + ".log"));
    }
}
