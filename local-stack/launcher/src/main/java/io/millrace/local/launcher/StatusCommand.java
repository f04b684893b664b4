package io.millrace.local.launcher;

import io.millrace.local.stack.Endpoints;
import io.millrace.local.stack.EndpointsFile;
import io.millrace.local.stack.OtherStack;
import io.millrace.local.stack.StackProblem;
import io.millrace.local.status.StackStatus;
import io.millrace.local.status.StatusText;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows how a running stack is. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Shows each component of the running stack and how far behind the pipeline is. "
                + "Exit code 0 if all is healthy, 1 if not.")
final class StatusCommand implements Callable<Integer> {

    @Mixin
    private DataOption data = new DataOption();

    @Option(names = "--json", description = "Print everything as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        Path directory = data.directory();
        Optional<Endpoints> endpoints = OtherStack.in(directory).endpoints();
        if (endpoints.isEmpty()) {
            throw StackProblem.failure("Cannot show the status of: " + directory
                    + ". No stack runs there; start one with ./millrace up --pipeline FILE.");
        }
        StackStatus status = StackStatus.of(endpoints.get());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(EndpointsFile.json(status));
        } else {
            StatusText.lines(status, Clock.systemUTC().instant()).forEach(out::println);
        }
        return status.healthy() ? 0 : 1;
    }
}
