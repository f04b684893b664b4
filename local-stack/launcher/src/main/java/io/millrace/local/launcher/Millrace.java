package io.millrace.local.launcher;

import io.millrace.local.stack.StackProblem;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The main command; {@code ./millrace} runs it. */
@Command(
        name = "millrace",
        description = "Streams the changes of operational databases into Iceberg and OpenSearch, on this machine.",
        mixinStandardHelpOptions = true,
        version = "Millrace 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            DemoCommand.class,
            ReconcileCommand.class,
            DeadLettersCommand.class,
            CompactCommand.class,
            DailyCommand.class,
            BackfillCommand.class,
            LoadCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Millrace implements Runnable {

    @Spec
    private CommandSpec spec;

    /** Runs a command and ends the process with its exit code: 0 fine, 2 wrong usage or configuration, 1 anything else. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The command line, for who runs commands in a process of theirs. */
    public static CommandLine commandLine() {
        return new CommandLine(new Millrace())
                .setParameterExceptionHandler(Millrace::explainUsage)
                .setExecutionExceptionHandler(Millrace::explainFailure);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Cannot run without a command");
    }

    private static int explainUsage(ParameterException wrong, String[] args) {
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = command.getErr();
        String message = String.valueOf(wrong.getMessage());
        err.println(message.startsWith("Cannot") ? message : "Cannot read the command line: " + message);
        command.usage(err);
        return CommandLine.ExitCode.USAGE;
    }

    private static int explainFailure(Exception failure, CommandLine command, CommandLine.ParseResult parsed)
            throws Exception {
        if (failure instanceof StackProblem problem) {
            problem.messages().forEach(command.getErr()::println);
            return problem.exitCode();
        }
        throw failure;
    }
}
