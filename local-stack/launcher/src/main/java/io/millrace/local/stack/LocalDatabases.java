package io.millrace.local.stack;

import io.millrace.schemas.pipeline.Database;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.schemas.pipeline.Source;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Properties;

/** The databases that the local PostgreSQL must have, as it reads them. */
final class LocalDatabases {

    /** The file's name among the settings of a run. */
    static final String FILE = "databases.properties";

    private LocalDatabases() {}

    /** The databases of the pipeline's sources that are not on another server. */
    static List<Database> of(Pipeline pipeline) {
        return pipeline.sources().stream()
                .map(source -> source.database())
                .filter(Objects::nonNull)
                .filter(database -> database.host() == null)
                .toList();
    }

    /** Whether a source's database is on the local server. */
    static boolean isLocal(Source source) {
        Database database = source.database();
        return database != null && database.host() == null;
    }

    static Properties describe(Pipeline pipeline, Path pipelineFile) {
        Properties properties = new Properties();
        put(
                properties,
                0,
                ConnectionsYaml.CATALOG_DATABASE,
                LocalCredentials.CATALOG_USER,
                LocalCredentials.CATALOG_PASSWORD);
        List<Database> databases = of(pipeline);
        for (int i = 0; i < databases.size(); i++) {
            Database database = databases.get(i);
            put(
                    properties,
                    i + 1,
                    database.name(),
                    database.user(),
                    database.password().reveal());
            if (database.init() != null) {
                properties.setProperty(
                        (i + 1) + ".init",
                        pipelineFile.resolveSibling(database.init()).toString());
            }
        }
        return properties;
    }

    /** Writes a file that only its owner may read. */
    static void write(Properties properties, Path file) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (Writer writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        }
    }

    private static void put(Properties properties, int index, String name, String user, String password) {
        properties.setProperty(index + ".name", name);
        properties.setProperty(index + ".user", user);
        properties.setProperty(index + ".password", password);
    }
}
