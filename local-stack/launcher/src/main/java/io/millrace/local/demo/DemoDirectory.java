package io.millrace.local.demo;

import io.millrace.local.process.Directories;
import io.millrace.local.stack.OtherStack;
import io.millrace.local.stack.StackProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The demo's data directory. Every demo begins with an empty one, but none deletes what another program has made. */
final class DemoDirectory {
    private static final String MARKER = "made-by-millrace-demo";

    private DemoDirectory() {}

    /**
     * Makes the directory, or empties it if a demo has made it.
     *
     * @throws StackProblem if it holds something else, or a stack runs in it
     */
    static void prepare(Path directory, Consumer<String> progress) throws IOException, InterruptedException {
        if (Files.exists(directory) && !isOurs(directory)) {
            throw StackProblem.usage("Cannot use directory: " + directory
                    + ". No demo has made it, and a demo empties its" + " directory; choose another one with --data.");
        }
        OtherStack earlier = OtherStack.in(directory);
        if (earlier.isRunning()) {
            throw StackProblem.failure("Cannot start the demo: one runs in " + directory
                    + " already. Stop it with ./millrace down --data " + directory
                    + ", or choose another directory with"
                    + " --data and other ports with --port-offset.");
        }
        if (Files.exists(directory)) {
            earlier.stop(line -> {
                if (line.startsWith("Stopped what")) {
                    progress.accept(line);
                }
            });
            Directories.delete(directory);
        }
        Files.createDirectories(directory);
        Files.writeString(directory.resolve(MARKER), "The next demo deletes this directory and everything in it.\n");
    }

    private static boolean isOurs(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (Stream<Path> files = Files.list(directory)) {
            return Files.isRegularFile(directory.resolve(MARKER))
                    || files.findAny().isEmpty();
        }
    }
}
