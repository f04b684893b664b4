package io.millrace.local.stack;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A launcher for tests: starts a component that sleeps, tells its pid, and waits to be killed. */
final class LaunchedSleeper {

    private LaunchedSleeper() {}

    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        RunDirectory run = new RunDirectory(directory);
        run.lock();
        GuardedProcess sleeper = GuardedProcess.start(
                GuardedProcessTest.component("sleep", "1000"),
                run.guard(),
                directory,
                directory.resolve("sleep.log"),
                run.readyFile("test"));
        ProcessIdentity.of(ProcessHandle.of(sleeper.pid()).orElseThrow())
                .orElseThrow()
                .write(run.pidFile("test"));
        System.out.println(sleeper.pid());
        new CountDownLatch(1).await();
    }
}
