package io.millrace.local.launcher;

import io.millrace.local.stack.Endpoints;
import io.millrace.local.stack.OtherStack;
import io.millrace.local.stack.StackConfig;
import io.millrace.local.stack.StackProblem;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A launcher that goes on in the background when this one has ended. */
final class DetachedLauncher {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private DetachedLauncher() {}

    /**
     * Starts this very command again, in the background, and waits until everything is healthy.
     *
     * @param args this process's arguments
     * @throws StackProblem with what the other launcher said, if it did not get there
     */
    static Endpoints start(StackConfig config, List<String> args) throws IOException, InterruptedException {
        Files.createDirectories(config.logs());
        Path log = config.log("launcher");
        List<String> command =
                new ArrayList<>(List.of("nohup", config.installation().java()));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Millrace.class.getName()));
        command.addAll(args.stream().filter(arg -> !arg.equals("--detach")).toList());
        Process process = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Optional<Endpoints> endpoints = OtherStack.in(config.data()).awaitHealthy(PATIENCE, process::isAlive);
        if (endpoints.isPresent()) {
            return endpoints.get();
        }
        if (process.isAlive()) {
            throw StackProblem.failure("Cannot wait any longer for the stack. See its log: " + log);
        }
        List<String> reasons = Files.readAllLines(log).stream()
                .filter(line -> line.startsWith("Cannot "))
                .toList();
        if (reasons.isEmpty()) {
            throw StackProblem.failure("Cannot start the stack. See its log: " + log);
        }
        throw process.exitValue() == 2 ? StackProblem.usage(reasons) : StackProblem.failure(reasons);
    }
}
