package io.millrace.local.launcher;

import io.millrace.local.deadletter.ReplayStream;
import io.millrace.local.stack.Endpoints;
import io.millrace.local.stack.LocalMaskingKey;
import io.millrace.local.stack.OtherStack;
import io.millrace.local.stack.StackProblem;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.schemas.pipeline.PipelineFile;
import io.millrace.schemas.pipeline.PipelineProblems;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which pipeline a command is about: that of the running stack, or one that files describe. */
final class PipelineOptions {

    @Option(
            names = "--pipeline",
            paramLabel = "FILE",
            description = "The pipeline file; that of the stack that runs in the data directory by default.")
    private @Nullable Path pipeline;

    @Option(
            names = "--connections",
            paramLabel = "FILE",
            description = "Where the servers are; those of the running stack by default.")
    private @Nullable Path connections;

    @Mixin
    private DataOption data = new DataOption();

    /** Reads the pipeline. */
    Pipeline read() {
        Optional<Endpoints> stack = endpoints();
        Path file = pipeline;
        Path servers = connections;
        if (stack.isPresent()) {
            file = file == null ? Path.of(stack.get().resolvedPipelineFile()) : file;
            servers = servers == null ? Path.of(stack.get().connectionsFile()) : servers;
        }
        if (file == null) {
            throw StackProblem.failure("Cannot find a running stack in: " + data.directory()
                    + ". Start it with ./millrace up --pipeline FILE, or give --pipeline and --connections.");
        }
        try {
            return PipelineFile.read(file, servers, LocalMaskingKey.environment(data.directory()));
        } catch (PipelineProblems e) {
            throw StackProblem.usage(e.problems().stream()
                    .map(PipelineProblems.Problem::toString)
                    .toList());
        }
    }

    /** What the running stack's Kinesis accepts; null without a stack, or with other servers. */
    ReplayStream.@Nullable Credentials credentials() {
        return connections != null
                ? null
                : endpoints()
                        .map(stack -> new ReplayStream.Credentials(
                                stack.credentials().accessKey(),
                                stack.credentials().secretKey()))
                        .orElse(null);
    }

    private Optional<Endpoints> endpoints() {
        OtherStack stack = OtherStack.in(data.directory());
        return stack.isRunning() ? stack.endpoints() : Optional.empty();
    }
}
