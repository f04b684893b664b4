package io.millrace.benchmarks.sink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/** Where tables, logs and interim results are while a run lasts. */
final class WorkDirectory {
    private final Path root;

    private WorkDirectory(Path root) {
        this.root = root;
    }

    /**
     * Opens it, new or as a stopped run has left it.
     *
     * @param identity what must be the same for a run to be taken up
     */
    static WorkDirectory open(Path root, String identity) throws IOException {
        for (String folder : List.of("results", "logs", "scratch", "tables", "checkpoints")) {
            Files.createDirectories(root.resolve(folder));
        }
        Path options = root.resolve("options.txt");
        if (Files.exists(options) && !Files.readString(options).equals(identity)) {
            throw new IllegalArgumentException("Cannot take up the run in " + root + ": it was made with "
                    + Files.readString(options).strip()
                    + ". Give the same options, remove it, or choose another --work.");
        }
        Files.writeString(options, identity);
        return new WorkDirectory(root);
    }

    Path root() {
        return root;
    }

    Path result(String step) {
        return root.resolve("results").resolve(step + ".json");
    }

    boolean has(String step) {
        return Files.exists(result(step));
    }

    <T> T read(String step, Class<T> type) throws IOException {
        return Json.read(result(step), type);
    }

    /** The operations of a read that are over, in their order. */
    List<ReadResult> events(Path file) throws IOException {
        List<ReadResult> results = new ArrayList<>();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                results.add(Json.parse(line, ReadResult.class));
            }
        }
        return results;
    }

    Path log(String step) {
        return root.resolve("logs").resolve(step + ".log");
    }

    Path scratch() {
        return root.resolve("scratch");
    }

    /** A table's folder in the catalog on the local disk. */
    Path table(String name) {
        return root.resolve("tables").resolve("bench").resolve(name);
    }

    /** Iceberg's catalog properties for tables on the local disk. */
    Map<String, String> localCatalog() {
        return Map.of("type", "hadoop", "warehouse", root.resolve("tables").toString());
    }

    /** Leaves a catalog's properties to a step's process. */
    Path catalogFile(String name, Map<String, String> catalog) throws IOException {
        Properties properties = new Properties();
        properties.putAll(catalog);
        Path file = root.resolve(name + "-catalog.properties");
        try (var out = Files.newOutputStream(file)) {
            properties.store(out, null);
        }
        return file;
    }

    /** An empty directory for a job's checkpoints. */
    Path checkpoints() throws IOException {
        Path directory = root.resolve("checkpoints");
        delete(directory);
        return Files.createDirectories(directory);
    }

    void remove() throws IOException {
        delete(root);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.deleteIfExists(file);
                } catch (IOException e) {
                    throw new UncheckedIOException("Cannot remove " + file, e);
                }
            });
        }
    }
}
