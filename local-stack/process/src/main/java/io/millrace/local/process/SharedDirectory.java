package io.millrace.local.process;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** A directory that is filled once and then only read, by processes that may start at the same time. */
public final class SharedDirectory {
    private SharedDirectory() {}

    /**
     * Puts content into an empty directory.
     *
     * @param <E> what else may go wrong
     */
    public interface Filling<E extends Exception> {
        void fill(Path directory) throws IOException, E;
    }

    /**
     * Makes the directory unless it is there. It appears with all of its content: who fills it beside others keeps what the
     * first of them has made.
     *
     * @param place the directory; the one that it is in must be there
     */
    public static <E extends Exception> void make(Path place, Filling<E> filling) throws IOException, E {
        if (Files.isDirectory(place)) {
            return;
        }
        Path part = Files.createTempDirectory(place.resolveSibling("").normalize(), place.getFileName() + "-part-");
        try {
            filling.fill(part);
            Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.move(part, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            // Somebody else was faster. A move onto a directory that is not empty has no exception of its own.
            if (!Files.isDirectory(place)) {
                throw e;
            }
        } finally {
            Directories.delete(part);
        }
    }
}
