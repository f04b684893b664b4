package io.millrace.local.launcher;

import io.millrace.local.stack.Endpoints;
import io.millrace.local.stack.Installation;
import io.millrace.local.stack.OtherStack;
import io.millrace.local.stack.Stack;
import io.millrace.local.stack.StackConfig;
import io.millrace.local.stack.StackProblem;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Starts the stack for a pipeline file and keeps it running. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description =
                "Starts every server and job of a pipeline and keeps them running until Ctrl-C or `millrace down`. "
                        + "If the stack runs already, waits until all of it is healthy.")
final class UpCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @Option(names = "--pipeline", paramLabel = "FILE", required = true, description = "The pipeline file.")
    private Path pipeline;

    @Mixin
    private DataOption data = new DataOption();

    @Mixin
    private PortOptions ports = new PortOptions();

    @Option(names = "--detach", description = "Return when everything is healthy, and leave it running.")
    private boolean detach;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Installation installation = Installation.here();
        StackConfig config = StackConfig.of(installation, pipeline, data.directory(), ports.ports());
        OtherStack other = OtherStack.in(config.data());
        if (other.isRunning()) {
            return join(other, config);
        }
        if (detach) {
            Endpoints endpoints = DetachedLauncher.start(
                    config, spec.commandLine().getParseResult().originalArgs());
            tell(endpoints);
            out().println("Runs in the background. ./millrace status shows how it is, ./millrace down stops it.");
            return 0;
        }
        out().println("Starting the stack of " + config.pipelineFile().getFileName() + ", data in " + config.data());
        try (Stack stack = Stack.start(config, this::say)) {
            tell(stack.endpoints());
            out().println("Everything is up. Ctrl-C stops it.");
            out().flush();
            stack.awaitEnd();
        }
        return 0;
    }

    /** Another process runs the stack and starts what is missing: waits for it. */
    private int join(OtherStack other, StackConfig config) throws InterruptedException {
        say("The stack in " + config.data() + " runs already; waiting until all of it is healthy");
        Optional<Endpoints> endpoints = other.awaitHealthy(PATIENCE, other::isRunning);
        if (endpoints.isEmpty()) {
            throw StackProblem.failure(
                    "Cannot wait any longer for the stack in: " + config.data() + ". See ./millrace status.");
        }
        String running = endpoints.get().pipelineFile();
        if (!running.equals(config.pipelineFile().toString())) {
            throw StackProblem.usage("Cannot start pipeline file: %s. The stack in %s runs %s; stop it with ./millrace"
                            .formatted(config.pipelineFile(), config.data(), running)
                    + " down, or choose another directory with --data and other ports with --port-offset.");
        }
        tell(endpoints.get());
        return 0;
    }

    private void tell(Endpoints endpoints) {
        out().println();
        EndpointsTable.lines(endpoints).forEach(out()::println);
        out().println();
        out().println("  All of this is in " + Path.of(endpoints.data()).resolve("endpoints.json"));
        out().println();
        out().flush();
    }

    private void say(String line) {
        out().println("  " + line);
        out().flush();
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
