package io.millrace.local.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardedProcessTest {

    @TempDir
    private Path directory;

    private RunDirectory run;
    private Path log;

    @BeforeEach
    void prepare() throws Exception {
        run = new RunDirectory(directory);
        Files.createDirectories(directory.resolve("run"));
        log = directory.resolve("test.log");
    }

    @Test
    void tellsTheExitStatusAndKeepsTheOutput() throws Exception {
        GuardedProcess process = start("sh", "-c", "echo out; echo err >&2; exit 7");

        assertThat(process.exit().get(20, TimeUnit.SECONDS)).isEqualTo(7);
        assertThat(log).content().contains("out").contains("err");
    }

    @Test
    void stopsOnRequest() throws Exception {
        GuardedProcess process = start("sleep", "1000");

        process.awaitStop();

        assertThat(process.exit().get(20, TimeUnit.SECONDS)).isEqualTo(128 + 15);
        assertThat(isAlive(process.pid())).isFalse();
    }

    @Test
    void whoDoesNotStopIsKilled() throws Exception {
        GuardedProcess process = start("sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.2; done");
        await().until(() -> Files.readString(log).contains("ready"));

        process.awaitStop();

        assertThat(process.exit().get(20, TimeUnit.SECONDS)).isEqualTo(128 + 9);
        await().atMost(Duration.ofSeconds(20)).until(() -> !isAlive(process.pid()));
    }

    @Test
    void aKilledComponentLeavesNoChildren() throws Exception {
        GuardedProcess process = start("sh", "-c", "sleep 1000 & echo child $!; wait");
        await().until(() -> Files.readString(log).contains("child"));
        long child = Long.parseLong(Files.readString(log).strip().substring("child ".length()));

        ProcessHandle.of(process.pid()).orElseThrow().destroyForcibly();

        assertThat(process.exit().get(20, TimeUnit.SECONDS)).isEqualTo(128 + 9);
        await().atMost(Duration.ofSeconds(20)).until(() -> !isAlive(child));
    }

    @Test
    void aComponentDoesNotOutliveAKilledLauncher() throws Exception {
        Process launcher = launcher();
        long pid = firstNumber(launcher);

        launcher.destroyForcibly().waitFor();

        await().atMost(Duration.ofSeconds(20)).until(() -> !isAlive(pid));
    }

    @Test
    void theNextStartWaitsForWhatAKilledLauncherLeft() throws Exception {
        Process launcher = launcher();
        long pid = firstNumber(launcher);
        assertThatThrownBy(run::lock).isInstanceOf(StackProblem.class);

        launcher.destroyForcibly().waitFor();
        run.lock();
        run.clear(Duration.ofSeconds(10));

        assertThat(isAlive(pid)).isFalse();
        assertThat(run.pidFile("test")).doesNotExist();
    }

    static Component component(String... command) {
        return new Component(
                "test",
                "Test",
                List.of(command),
                List.of(),
                Map.of(),
                Set.of(),
                Map.of("test", 1),
                "nowhere",
                new Readiness.ReadyFile(),
                Duration.ofSeconds(10),
                Duration.ofSeconds(2));
    }

    private GuardedProcess start(String... command) throws Exception {
        return GuardedProcess.start(component(command), run.guard(), directory, log, run.readyFile("test"));
    }

    private Process launcher() throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LaunchedSleeper.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static long firstNumber(Process process) throws Exception {
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        return Long.parseLong(output.readLine());
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }
}
