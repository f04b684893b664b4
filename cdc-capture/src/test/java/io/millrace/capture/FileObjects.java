package io.millrace.capture;

import io.millrace.capture.storage.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/** Objects in a directory, so that a killed process leaves them to the next. */
final class FileObjects implements ObjectStore {
    private final Path directory;

    FileObjects(Path directory) {
        this.directory = directory;
    }

    @Override
    public byte @Nullable [] read(String name) {
        try {
            Path file = directory.resolve(name);
            return Files.exists(file) ? Files.readAllBytes(file) : null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void write(String name, byte[] content) {
        try {
            Path file = directory.resolve(name);
            Files.createDirectories(file.getParent());
            Path fresh = Files.createTempFile(directory, "object", ".tmp");
            Files.write(fresh, content);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void delete(String name) throws IOException {
        Files.delete(directory.resolve(name));
    }

    @Override
    public String address(String name) {
        return "s3://test/" + name;
    }
}
