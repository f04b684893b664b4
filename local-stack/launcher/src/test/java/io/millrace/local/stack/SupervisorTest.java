package io.millrace.local.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisorTest {

    private static final String SERVE = "echo ready > \"$MILLRACE_READY_FILE\"; exec sleep 1000";

    @TempDir
    private Path directory;

    private final List<String> progress = new CopyOnWriteArrayList<>();
    private final Board board = new Board(Set.of("test"), Clock.systemUTC().instant(), statuses -> {});
    private final List<Supervisor> started = new CopyOnWriteArrayList<>();

    @BeforeEach
    void prepare() throws Exception {
        Files.createDirectories(directory.resolve("run"));
    }

    @AfterEach
    void stop() throws Exception {
        board.stop();
        for (Supervisor supervisor : started) {
            supervisor.stop();
        }
    }

    @Test
    void aComponentThatDiesIsStartedAgain() throws Exception {
        supervise(SERVE);
        assertThat(board.awaitAllHealthy(Duration.ofSeconds(20))).isTrue();

        killAndAwaitReturn();

        assertThat(board.get("test").restarts()).isEqualTo(1);
        assertThat(progress).contains("Test has ended (killed by signal 9); starting it again");
    }

    @Test
    void aFirstStartThatFailsEndsTheStackWithTheComponentsOwnWords() throws Exception {
        supervise("echo noise; echo 'Cannot find table: public.x' >&2; exit 2");

        board.awaitEnd();

        StackProblem problem = board.failure();
        assertThat(problem).isNotNull();
        assertThat(problem.messages()).containsExactly("Cannot find table: public.x");
        assertThat(problem.exitCode()).isEqualTo(2);
        assertThat(board.get("test").state()).isEqualTo(ComponentState.FAILED);
    }

    @Test
    void whoSaysNothingIsExplainedWithItsLog() throws Exception {
        supervise("exit 3");

        board.awaitEnd();

        StackProblem problem = board.failure();
        assertThat(problem).isNotNull();
        assertThat(problem.messages())
                .containsExactly("Cannot start Test: exit code 3. See its log: " + directory.resolve("test.log"));
    }

    @Test
    void argumentsOfTheFirstStartAreNotGivenAgain() throws Exception {
        supervise("echo \"started by $0\"; " + SERVE, "the user");
        assertThat(board.awaitAllHealthy(Duration.ofSeconds(20))).isTrue();

        killAndAwaitReturn();

        assertThat(Files.readAllLines(directory.resolve("test.log")))
                .filteredOn(line -> line.startsWith("started"))
                .containsExactly("started by the user", "started by sh");
    }

    private void killAndAwaitReturn() {
        long first = board.get("test").pid();
        ProcessHandle.of(first).orElseThrow().destroyForcibly();
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            ComponentStatus status = board.get("test");
            return status.state() == ComponentState.HEALTHY && status.pid() != first;
        });
    }

    private void supervise(String script, String... atFirst) throws Exception {
        RunDirectory run = new RunDirectory(directory);
        Component component = new Component(
                "test",
                "Test",
                List.of("sh", "-c", script),
                List.of(atFirst),
                Map.of(),
                Set.of(),
                Map.of("test", 1),
                "nowhere",
                new Readiness.ReadyFile(),
                Duration.ofSeconds(20),
                Duration.ofSeconds(2));
        Supervisor supervisor = new Supervisor(
                component,
                board,
                run,
                run.guard(),
                directory,
                directory.resolve("test.log"),
                progress::add,
                Clock.systemUTC());
        started.add(supervisor);
        Thread thread = new Thread(supervisor, "supervisor");
        thread.setDaemon(true);
        thread.start();
    }
}
