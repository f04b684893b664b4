package io.millrace.local.process;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A database that a local database server must have.
 *
 * @param name its name
 * @param user its owner, who may replicate
 * @param password the owner's password, if the owner does not exist yet
 * @param init a script to run as the owner, once, in the new database; null for none
 */
public record LocalDatabase(
        String name, String user, String password, @Nullable Path init) {

    /**
     * Reads databases from a properties file: {@code 0.name}, {@code 0.user}, {@code 0.password}, {@code 0.init},
     * {@code 1.name}, … A file, because a password must not be on a command line.
     */
    public static List<LocalDatabase> read(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        List<LocalDatabase> databases = new ArrayList<>();
        for (int i = 0; properties.containsKey(i + ".name"); i++) {
            String init = properties.getProperty(i + ".init");
            databases.add(new LocalDatabase(
                    required(properties, i + ".name"),
                    required(properties, i + ".user"),
                    required(properties, i + ".password"),
                    init == null ? null : Path.of(init)));
        }
        return databases;
    }

    private static String required(Properties properties, String key) throws IOException {
        String value = properties.getProperty(key);
        if (value == null) {
            throw new IOException("Cannot find key: " + key);
        }
        return value;
    }
}
