package io.millrace.local.registry;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What the registry knows, on disk: one JSON file for each registry, schema and version.
 *
 * <p>A file is there completely or not at all, and stays after a crash once {@code write} has returned: it is written
 * beside its place, forced to disk, then renamed.
 */
final class RegistryFiles {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String UNFINISHED = ".part";

    private final Path registries;
    private final Path schemas;
    private final Path versions;

    RegistryFiles(Path directory) throws IOException {
        registries = Files.createDirectories(directory.resolve("registries"));
        schemas = Files.createDirectories(directory.resolve("schemas"));
        versions = Files.createDirectories(directory.resolve("versions"));
    }

    List<RegistryEntry> registries() {
        return readAll(registries, RegistryEntry.class);
    }

    List<RegisteredSchema> schemas() {
        return readAll(schemas, RegisteredSchema.class);
    }

    List<SchemaVersion> versions() {
        return readAll(versions, SchemaVersion.class);
    }

    void write(RegistryEntry registry) {
        write(registries.resolve(idOf(registry.name()) + ".json"), registry);
    }

    void write(RegisteredSchema schema) {
        write(schemas.resolve(idOf(schema.registry() + "/" + schema.name()) + ".json"), schema);
    }

    void write(SchemaVersion version) {
        write(versions.resolve(version.id() + ".json"), version);
    }

    /** Names may hold characters that file names may not. */
    private static String idOf(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static <T> List<T> readAll(Path directory, Class<T> type) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .map(file -> read(file, type))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read directory: " + directory, e);
        }
    }

    private static <T> T read(Path file, Class<T> type) {
        try {
            return JSON.readValue(file.toFile(), type);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read file: " + file, e);
        }
    }

    private static void write(Path file, Object value) {
        Path part = file.resolveSibling(file.getFileName() + UNFINISHED);
        try {
            try (FileChannel channel = FileChannel.open(
                    part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(value));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            forceDirectory(file.resolveSibling("."));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write file: " + file, e);
        }
    }

    /** A rename is durable when its directory is. */
    private static void forceDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
