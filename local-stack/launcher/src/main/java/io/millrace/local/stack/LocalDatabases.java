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
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;

/** The databases that the local database servers must have, as they read them. */
final class LocalDatabases {

    private LocalDatabases() {}

    /** The name of a server's file among the settings of a run. */
    static String file(Database.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT) + "-databases.properties";
    }

    /** The port of the local server of a product. */
    static Port port(Database.Kind kind) {
        return switch (kind) {
            case POSTGRESQL -> Port.POSTGRES;
            case MARIADB -> Port.MARIADB;
        };
    }

    /** The databases of the pipeline's sources that are on the local server of a product. */
    static List<Database> of(Pipeline pipeline, Database.Kind kind) {
        return pipeline.sources().stream()
                .map(source -> source.database())
                .filter(Objects::nonNull)
                .filter(database -> database.host() == null && database.kind() == kind)
                .toList();
    }

    /** The port of the local server that a source's database is on; 0 if it is on none. */
    static int portOf(Source source, Ports ports) {
        Database database = source.database();
        return database != null && database.host() == null ? ports.number(port(database.kind())) : 0;
    }

    static Properties describe(Pipeline pipeline, Database.Kind kind, Path pipelineFile) {
        Properties properties = new Properties();
        int index = 0;
        if (kind == Database.Kind.POSTGRESQL) {
            put(
                    properties,
                    index++,
                    ConnectionsYaml.CATALOG_DATABASE,
                    LocalCredentials.CATALOG_USER,
                    LocalCredentials.CATALOG_PASSWORD);
        }
        for (Database database : of(pipeline, kind)) {
            put(
                    properties,
                    index,
                    database.name(),
                    database.user(),
                    database.password().reveal());
            if (database.init() != null) {
                properties.setProperty(
                        index + ".init",
                        pipelineFile.resolveSibling(database.init()).toString());
            }
            index++;
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
