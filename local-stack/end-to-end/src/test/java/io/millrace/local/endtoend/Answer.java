package io.millrace.local.endtoend;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.millrace.local.launcher.Millrace;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine;

/**
 * What came of a {@code ./millrace} command that asks a running stack, and ends by itself. It runs in the test's own process,
 * as a process of its own would mostly start; {@link Command} is one.
 *
 * @param exitCode what it ended with
 * @param output what it printed
 */
record Answer(int exitCode, String output) {

    /**
     * Runs a command to its end.
     *
     * @param file gets what it prints
     */
    static Answer of(Path file, Duration patience, String... arguments) throws IOException {
        StringWriter printed = new StringWriter();
        CommandLine command =
                Millrace.commandLine().setOut(new PrintWriter(printed)).setErr(new PrintWriter(printed));
        int exitCode = assertTimeoutPreemptively(patience, () -> command.execute(arguments), printed::toString);
        Files.writeString(file, printed.toString());
        return new Answer(exitCode, printed.toString());
    }
}
