package io.millrace.local.launcher;

import io.millrace.local.stack.Installation;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which stack a command means: that of a data directory. */
public final class DataOption {

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The stack's data directory; .millrace/up in the project by default.")
    private @Nullable Path data;

    /** The directory, absolute. */
    public Path directory() {
        return data == null
                ? Installation.here().home().resolve("up")
                : data.toAbsolutePath().normalize();
    }
}
