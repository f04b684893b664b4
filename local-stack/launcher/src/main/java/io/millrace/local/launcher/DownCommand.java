package io.millrace.local.launcher;

import io.millrace.local.stack.OtherStack;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Stops a running stack. */
@Command(
        name = "down",
        mixinStandardHelpOptions = true,
        description = "Stops the running stack and returns when all of its processes are gone. Data stays.")
final class DownCommand implements Callable<Integer> {

    @Mixin
    private DataOption data = new DataOption();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        OtherStack.in(data.directory()).stop(spec.commandLine().getOut()::println);
        return 0;
    }
}
