package io.millrace.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** Looks for processes of a stack. */
final class Processes {

    private Processes() {}

    /** Waits until no process is left that was started for a data directory: they all name it. */
    static void assertNoneLeft(Path data) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(45))
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> assertThat(of(data)).isEmpty());
    }

    static void kill(long pid) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }

    /** Kills the Spark job that works on a stack, if one does, as a crash would. */
    static void killSpark(Path data) {
        String log = "-Dmillrace.log=" + data.toAbsolutePath();
        ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(log))
                .filter(process -> process.info().command().orElse("").endsWith("java"))
                .forEach(ProcessHandle::destroyForcibly);
    }

    private static List<String> of(Path data) {
        String name = data.toAbsolutePath().toString();
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .map(process -> process.info().commandLine().orElse(""))
                .filter(line -> line.contains(name))
                .toList();
    }
}
