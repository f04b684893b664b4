package io.millrace.local.flink;

import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoints that runs of the job left behind, in Flink's layout {@code <job id>/chk-<number>/_metadata}.
 *
 * <p>A checkpoint is complete exactly if it has {@code _metadata}: Flink writes it last, and an object store shows it as a
 * whole or not at all.
 */
public final class RetainedCheckpoints {

    private static final String METADATA = "_metadata";
    private static final String CHECKPOINT = "chk-";

    private final Path base;

    private RetainedCheckpoints(Path base) {
        this.base = base;
    }

    /** The checkpoints under a directory, which need not exist. */
    public static RetainedCheckpoints under(String uri) {
        return new RetainedCheckpoints(new Path(URI.create(uri)));
    }

    /**
     * The complete checkpoint that was written last, of whichever run; empty if there is none.
     *
     * @throws IOException if the directory cannot be read, which is not to be taken for a first start
     */
    public Optional<String> newest() throws IOException {
        FileSystem files = base.getFileSystem();
        Stream.Builder<FileStatus> complete = Stream.builder();
        for (FileStatus run : directories(files, base)) {
            for (FileStatus checkpoint : directories(files, run.getPath())) {
                if (checkpoint.getPath().getName().startsWith(CHECKPOINT)) {
                    Arrays.stream(list(files, checkpoint.getPath()))
                            .filter(file -> file.getPath().getName().equals(METADATA))
                            .forEach(complete);
                }
            }
        }
        return complete.build()
                .max(Comparator.comparingLong(FileStatus::getModificationTime)
                        .thenComparingLong(metadata -> number(metadata.getPath().getParent())))
                .map(metadata -> metadata.getPath().getParent().toString());
    }

    private static long number(Path checkpoint) {
        return Long.parseLong(checkpoint.getName().substring(CHECKPOINT.length()));
    }

    private static Iterable<FileStatus> directories(FileSystem files, Path path) throws IOException {
        return Arrays.stream(list(files, path)).filter(FileStatus::isDir).toList();
    }

    private static FileStatus[] list(FileSystem files, Path path) throws IOException {
        if (!files.exists(path)) {
            return new FileStatus[0];
        }
        FileStatus @Nullable [] found = files.listStatus(path);
        return found == null ? new FileStatus[0] : found;
    }
}
