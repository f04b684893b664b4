package io.millrace.stream;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the job is started with.
 *
 * @param pipeline the pipeline file
 * @param connections the file with the servers' addresses, if they are not in the pipeline file
 */
record JobArguments(Path pipeline, @Nullable Path connections) {

    static JobArguments parse(String[] args) {
        Path pipeline = null;
        Path connections = null;
        for (int i = 0; i < args.length; i += 2) {
            if (i + 1 == args.length) {
                throw new IllegalArgumentException("Cannot read option: " + args[i] + ". Give it a file");
            }
            switch (args[i]) {
                case "--pipeline" -> pipeline = Path.of(args[i + 1]);
                case "--connections" -> connections = Path.of(args[i + 1]);
                default ->
                    throw new IllegalArgumentException("Cannot understand option: " + args[i]
                            + ". Use --pipeline FILE and, if need be, --connections FILE");
            }
        }
        if (pipeline == null) {
            throw new IllegalArgumentException("Cannot start without a pipeline. Add --pipeline FILE");
        }
        return new JobArguments(pipeline, connections);
    }
}
