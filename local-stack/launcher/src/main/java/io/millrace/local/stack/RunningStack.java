package io.millrace.local.stack;

import io.millrace.local.process.LocalPort;
import io.millrace.schemas.pipeline.Database;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.schemas.pipeline.PipelineFile;
import io.millrace.schemas.pipeline.PipelineProblems;
import io.millrace.schemas.pipeline.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The stack as the process that started it holds it: a supervisor thread a component, and a board that all share. */
final class RunningStack implements Stack {

    private static final Duration LEFTOVER_PATIENCE = Duration.ofSeconds(12);
    private static final Duration START_TIMEOUT = Duration.ofMinutes(5);

    private final StackConfig config;
    private final Pipeline pipeline;
    private final RunDirectory run;
    private final FileLock lock;
    private final Consumer<String> progress;
    private final List<Component> components;
    private final StackDescription description;
    private final Board board;
    private final List<Supervisor> supervisors = new ArrayList<>();
    private final Thread stopAtExit = new Thread(this::stop, "stop at exit");
    private boolean stopped;

    private RunningStack(
            StackConfig config, Pipeline pipeline, RunDirectory run, FileLock lock, Consumer<String> progress) {
        this.config = config;
        this.pipeline = pipeline;
        this.run = run;
        this.lock = lock;
        this.progress = progress;
        StackPlan plan = new StackPlan(config, pipeline, run);
        components = plan.components();
        description = new StackDescription(config, pipeline, plan, components);
        board = new Board(
                components.stream().map(Component::name).toList(),
                Clock.systemUTC().instant(),
                this::writeEndpoints);
    }

    static Stack start(StackConfig config, Consumer<String> progress) {
        try {
            Files.createDirectories(config.data());
            Files.createDirectories(config.logs());
            RunDirectory run = new RunDirectory(config.data());
            FileLock lock = run.lock();
            try {
                List<String> left = run.clear(LEFTOVER_PATIENCE);
                if (!left.isEmpty()) {
                    progress.accept("Stopped what a killed run had left: " + String.join(", ", left));
                }
                RunningStack stack = new RunningStack(config, readPipeline(config), run, lock, progress);
                stack.start();
                return stack;
            } catch (IOException | RuntimeException | InterruptedException e) {
                lock.channel().close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw StackProblem.failure("Cannot start the stack: interrupted");
        }
    }

    /** Writes where the servers will be, then reads the pipeline with it. */
    private static Pipeline readPipeline(StackConfig config) throws IOException {
        try {
            String name = PipelineName.in(config.pipelineFile());
            Files.writeString(config.connectionsFile(), ConnectionsYaml.render(config.ports(), name));
            LocalMaskingKey.ensure(config.data());
            return PipelineFile.read(
                    config.pipelineFile(), config.connectionsFile(), LocalMaskingKey.environment(config.data()));
        } catch (PipelineProblems e) {
            throw StackProblem.usage(e.problems().stream()
                    .map(PipelineProblems.Problem::toString)
                    .toList());
        }
    }

    private void start() throws IOException, InterruptedException {
        requireFreePorts();
        requireBuilt();
        writeFiles();
        Path guard = run.guard();
        for (Component component : components) {
            Path log = config.log(component.name());
            if (Files.exists(log)) {
                Files.move(log, config.log(component.name() + ".previous"), StandardCopyOption.REPLACE_EXISTING);
            }
            supervisors.add(
                    new Supervisor(component, board, run, guard, config.data(), log, progress, Clock.systemUTC()));
        }
        Runtime.getRuntime().addShutdownHook(stopAtExit);
        for (Supervisor supervisor : supervisors) {
            Thread thread = new Thread(supervisor, supervisor.component().name());
            thread.setDaemon(true);
            thread.start();
        }
        try {
            awaitHealthy(START_TIMEOUT);
        } catch (StackProblem problem) {
            stop();
            throw problem;
        }
    }

    @Override
    public StackConfig config() {
        return config;
    }

    @Override
    public Endpoints endpoints() {
        return endpoints(board.all());
    }

    @Override
    public void awaitHealthy(Duration timeout) {
        try {
            if (board.awaitAllHealthy(timeout)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw StackProblem.failure("Cannot wait for the stack: interrupted");
        }
        StackProblem failure = board.failure();
        if (failure != null) {
            throw failure;
        }
        if (board.isStopping()) {
            throw StackProblem.failure("Cannot wait for the stack: it was stopped.");
        }
        List<String> late = board.all().entrySet().stream()
                .filter(entry -> entry.getValue().state() != ComponentState.HEALTHY)
                .map(Map.Entry::getKey)
                .toList();
        throw StackProblem.failure("Cannot wait any longer for: %s. See the logs in: %s"
                .formatted(String.join(", ", late), config.logs()));
    }

    @Override
    public void awaitEnd() throws InterruptedException {
        board.awaitEnd();
        StackProblem failure = board.failure();
        if (failure != null) {
            stop();
            throw failure;
        }
    }

    @Override
    public void stop() {
        synchronized (stopAtExit) {
            if (stopped) {
                return;
            }
            stopped = true;
            board.stop();
            // The job first: it still wants to write. Then the captures, then what both need.
            stopInParallel(name -> name.equals(Port.FLINK.key()));
            stopInParallel(name -> name.startsWith(Port.CAPTURE.key()));
            stopInParallel(name -> true);
            try {
                lock.channel().close();
            } catch (IOException e) {
                progress.accept("Cannot release the lock of: " + config.data());
            }
        }
        try {
            Runtime.getRuntime().removeShutdownHook(stopAtExit);
        } catch (IllegalStateException alreadyEnding) {
            // Then the hook is what runs here, or it finds nothing to do.
        }
    }

    private void stopInParallel(Predicate<String> which) {
        List<Thread> threads = new ArrayList<>();
        for (Supervisor supervisor : supervisors) {
            String name = supervisor.component().name();
            if (which.test(name) && board.get(name).state() != ComponentState.STOPPED) {
                Thread thread = new Thread(() -> stop(supervisor), "stop " + name);
                thread.start();
                threads.add(thread);
            }
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void stop(Supervisor supervisor) {
        try {
            supervisor.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            progress.accept("Cannot stop %s cleanly: %s"
                    .formatted(supervisor.component().title(), e));
        }
    }

    private void requireFreePorts() {
        List<String> taken = new ArrayList<>();
        for (Component component : components) {
            component.ports().forEach((name, port) -> {
                if (!LocalPort.isFree(port)) {
                    String key = name.startsWith(Port.CAPTURE.key()) ? Port.CAPTURE.key() : name;
                    taken.add("Cannot start %s on port %d: the port is taken. Choose another one with --port %s=N."
                            .formatted(component.title(), port, key));
                }
            });
        }
        if (!taken.isEmpty()) {
            if (taken.size() > 1) {
                taken.add("--port-offset N moves all ports by N.");
            }
            throw StackProblem.failure(taken);
        }
    }

    private void requireBuilt() {
        for (Path jar : List.of(
                config.installation().captureJar(), config.installation().jobJar())) {
            if (!Files.exists(jar)) {
                throw StackProblem.failure("Cannot find: " + jar + ". Build the project first: ./millrace does.");
            }
        }
    }

    private void writeFiles() throws IOException {
        String yaml = Files.readString(config.pipelineFile());
        List<Source> sources = pipeline.sources();
        Files.writeString(
                config.resolvedPipelineFile(),
                ResolvedPipeline.resolve(yaml, i -> LocalDatabases.portOf(sources.get(i), config.ports())));
        for (Database.Kind kind : Database.Kind.values()) {
            LocalDatabases.write(
                    LocalDatabases.describe(pipeline, kind, config.pipelineFile()),
                    run.settingsFile(LocalDatabases.file(kind)));
        }
    }

    private void writeEndpoints(Map<String, ComponentStatus> statuses) {
        EndpointsFile.write(endpoints(statuses), config.endpointsFile());
    }

    private Endpoints endpoints(Map<String, ComponentStatus> statuses) {
        return description.of(statuses);
    }
}
