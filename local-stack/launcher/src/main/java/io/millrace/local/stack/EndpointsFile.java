package io.millrace.local.stack;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** Endpoints as JSON; a reader sees the file before or after a change, never in between. */
public final class EndpointsFile {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private EndpointsFile() {}

    /** The endpoints of the stack in a data directory, as it wrote them last; empty if there was none. */
    public static Optional<Endpoints> read(Path data) {
        Path file = data.resolve("endpoints.json");
        try {
            return Files.exists(file) ? Optional.of(JSON.readValue(file.toFile(), Endpoints.class)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read file: " + file, e);
        }
    }

    static void write(Endpoints endpoints, Path file) {
        try {
            Path part = file.resolveSibling(file.getFileName() + ".part");
            JSON.writeValue(part.toFile(), endpoints);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write file: " + file, e);
        }
    }

    /** Any value as JSON in one line. */
    public static String line(Object value) {
        try {
            return JSON.writer().without(SerializationFeature.INDENT_OUTPUT).writeValueAsString(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Any value as indented JSON. */
    public static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
