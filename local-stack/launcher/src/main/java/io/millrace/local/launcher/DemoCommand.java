package io.millrace.local.launcher;

import io.millrace.local.demo.Demo;
import io.millrace.local.demo.DemoConfig;
import io.millrace.local.demo.progress.Screen;
import io.millrace.local.reconcile.ReconcileProblem;
import io.millrace.local.stack.Installation;
import io.millrace.local.stack.StackConfig;
import io.millrace.local.stack.StackProblem;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows the whole platform under load. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Starts everything, works on a logistics company's database, and compares every row and column"
                + " of it with Iceberg and OpenSearch. Exit code 0 only if all is equal.")
final class DemoCommand implements Callable<Integer> {

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "60s",
            converter = Durations.class,
            description = "How long the workload runs, such as 60s or 5m; 60s by default.")
    private Duration duration;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "500",
            description = "Row changes in a second; 500 by default.")
    private double rate;

    @Option(names = "--seed", paramLabel = "N", description = "Makes the workload the same again; random by default.")
    private @Nullable Long seed;

    @Option(
            names = "--lanes",
            paramLabel = "N",
            defaultValue = "4",
            description = "Connections that work side by side; 4 by default.")
    private int lanes;

    @Option(names = "--stay", description = "Keep everything up until Ctrl-C, to look around.")
    private boolean stay;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The demo's data directory, emptied at its start; .millrace/demo in the project by default.")
    private @Nullable Path data;

    @Mixin
    private PortOptions ports = new PortOptions();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Instant started = ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
        if (!(rate > 0) || lanes < 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Cannot work at rate " + rate + " with " + lanes + " lanes: both must be positive");
        }
        Installation installation = Installation.here();
        Path directory = data == null ? installation.home().resolve("demo") : data;
        StackConfig stack = StackConfig.of(
                installation, installation.root().resolve("pipelines/logistics.yaml"), directory, ports.ports());
        boolean terminal = isTerminal();
        DemoConfig config = new DemoConfig(
                stack,
                started,
                duration,
                rate,
                lanes,
                seed == null ? started.toEpochMilli() % 1_000_000 : seed,
                stay,
                terminal);
        try {
            return new Demo(config, new Screen(spec.commandLine().getOut(), terminal)).run() ? 0 : 1;
        } catch (ReconcileProblem e) {
            throw StackProblem.failure(String.valueOf(e.getMessage()), "Look at the logs in " + stack.logs());
        }
    }

    /** Whether both input and output are a terminal; newer Javas have a console in any case and tell by a method. */
    private static boolean isTerminal() {
        Object console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) console.getClass().getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException before22) {
            return true;
        }
    }
}
