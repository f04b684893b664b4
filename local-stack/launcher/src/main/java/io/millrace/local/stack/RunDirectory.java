package io.millrace.local.stack;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * What is true only while the stack runs: who runs it, and which processes there are. The directory {@code run} in the
 * data directory.
 */
final class RunDirectory {

    private static final String PID = ".pid";
    private static final String LAUNCHER = "launcher";

    private final Path directory;

    RunDirectory(Path data) {
        directory = data.resolve("run");
    }

    /**
     * Takes the stack of this data directory for this process; it is free again when the process ends, however that
     * happens.
     *
     * @throws StackProblem if another process has it
     */
    FileLock lock() throws IOException {
        Files.createDirectories(directory);
        Optional<FileLock> lock = tryLock();
        if (lock.isEmpty()) {
            throw StackProblem.failure("Cannot start the stack in: " + directory.getParent()
                    + ". Another process runs it; stop it with ./millrace down.");
        }
        ProcessIdentity.current().write(pidFile(LAUNCHER));
        return lock.get();
    }

    /** Whether a process runs the stack of this data directory. */
    boolean isRunning() {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try {
            Optional<FileLock> lock = tryLock();
            if (lock.isPresent()) {
                lock.get().channel().close();
            }
            return lock.isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot open directory: " + directory, e);
        }
    }

    /** The process that runs the stack, if one does. */
    Optional<ProcessHandle> launcher() throws IOException {
        return ProcessIdentity.read(pidFile(LAUNCHER)).flatMap(ProcessIdentity::running);
    }

    Path pidFile(String component) {
        return directory.resolve(component + PID);
    }

    Path readyFile(String component) {
        return directory.resolve(component + ".ready");
    }

    /** A file for a component's own settings. */
    Path settingsFile(String name) {
        return directory.resolve(name);
    }

    /** The script that every component is started with. */
    Path guard() throws IOException {
        Path file = directory.resolve("guard.sh");
        try (InputStream script = RunDirectory.class.getResourceAsStream("guard.sh")) {
            if (script == null) {
                throw new IllegalStateException("guard.sh is not on the classpath");
            }
            Path part = directory.resolve("guard.sh.part");
            Files.copy(script, part, StandardCopyOption.REPLACE_EXISTING);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        return file;
    }

    /**
     * Makes sure that no component of an earlier run is left. Its guard stops it when its launcher has died; one that
     * takes longer than a moment is killed.
     *
     * @return the names of those that were left
     */
    List<String> clear(Duration patience) throws IOException, InterruptedException {
        List<String> names = new ArrayList<>();
        List<ProcessHandle> left = new ArrayList<>();
        for (Path file : pidFiles()) {
            String name = file.getFileName().toString().replace(PID, "");
            Optional<ProcessHandle> process = ProcessIdentity.read(file).flatMap(ProcessIdentity::running);
            if (!name.equals(LAUNCHER)) {
                if (process.isPresent()) {
                    names.add(name);
                    left.add(process.get());
                } else {
                    Files.delete(file);
                }
            }
        }
        long deadline = System.nanoTime() + patience.toNanos();
        left.forEach(ProcessHandle::destroy);
        for (ProcessHandle process : left) {
            if (!ends(process, deadline - System.nanoTime())) {
                process.destroyForcibly();
                ends(process, patience.toNanos());
            }
        }
        for (String name : names) {
            Files.deleteIfExists(pidFile(name));
        }
        return names;
    }

    private List<Path> pidFiles() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(PID)).sorted().toList();
        }
    }

    private static boolean ends(ProcessHandle process, long nanos) throws InterruptedException {
        try {
            process.onExit().get(Math.max(nanos, 0), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private Optional<FileLock> tryLock() throws IOException {
        FileChannel channel =
                FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return Optional.of(lock);
            }
        } catch (OverlappingFileLockException held) {
            // By this very process.
        }
        channel.close();
        return Optional.empty();
    }
}
