package io.millrace.local.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which process: a pid alone may long be another's.
 *
 * @param pid the process id
 * @param started when the process started, in milliseconds since 1970
 */
record ProcessIdentity(long pid, long started) {

    /** Operating systems do not tell the start to the millisecond, and not always the same. */
    private static final Duration TOLERANCE = Duration.ofSeconds(2);

    /** Who this process is now; empty if it has ended. */
    static Optional<ProcessIdentity> of(ProcessHandle process) {
        return process.info().startInstant().map(start -> new ProcessIdentity(process.pid(), start.toEpochMilli()));
    }

    static ProcessIdentity current() {
        return of(ProcessHandle.current())
                .orElseGet(() -> new ProcessIdentity(ProcessHandle.current().pid(), 0));
    }

    /** The process, if it still runs. */
    Optional<ProcessHandle> running() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process -> matches(process.info().startInstant().orElse(null)));
    }

    boolean matches(@Nullable Instant start) {
        return start != null && Math.abs(start.toEpochMilli() - started) <= TOLERANCE.toMillis();
    }

    /** Keeps the identity in a file, which is complete or not there. */
    void write(Path file) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(part, pid + " " + started + "\n");
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The identity in a file; empty if there is none. */
    static Optional<ProcessIdentity> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        return parse(Files.readString(file));
    }

    static Optional<ProcessIdentity> parse(String text) {
        String[] words = text.strip().split(" ", -1);
        try {
            return words.length == 2
                    ? Optional.of(new ProcessIdentity(Long.parseLong(words[0]), Long.parseLong(words[1])))
                    : Optional.empty();
        } catch (NumberFormatException notOurs) {
            return Optional.empty();
        }
    }
}
