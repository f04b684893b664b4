package io.millrace.local.postgres;

import io.millrace.local.process.CannotStart;
import io.millrace.local.process.SharedDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's programs, unpacked from the archive on the classpath. */
final class Binaries {

    private static final Set<PosixFilePermission> EXECUTABLE = PosixFilePermissions.fromString("rwxr-xr-x");
    private static final int OWNER_EXECUTE = 0b001_000_000;

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
        String archive = "/postgres-%s-%s.txz".formatted(system(), architecture());
        Path place = Files.createDirectories(cache.toAbsolutePath()).resolve("postgres-" + fingerprint(archive));
        SharedDirectory.make(place, part -> {
            try (InputStream bytes = open(archive)) {
                unpack(bytes, part);
            }
        });
        return new Binaries(place);
    }

    Path program(String name) {
        return directory.resolve("bin").resolve(name);
    }

    private static void unpack(InputStream archive, Path target) throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(archive))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path file = target.resolve(entry.getName()).normalize();
                if (!file.startsWith(target)) {
                    throw new IOException("Cannot unpack outside the directory: " + entry.getName());
                }
                Files.createDirectories(entry.isDirectory() ? file : file.resolveSibling("."));
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
                } else if (entry.isFile()) {
                    Files.copy(tar, file);
                    if ((entry.getMode() & OWNER_EXECUTE) != 0) {
                        Files.setPosixFilePermissions(file, EXECUTABLE);
                    }
                }
            }
        }
    }

    private static String fingerprint(String archive) throws IOException, CannotStart {
        try (InputStream bytes = open(archive)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static InputStream open(String archive) throws CannotStart {
        InputStream bytes = Binaries.class.getResourceAsStream(archive);
        if (bytes == null) {
            throw new CannotStart("Cannot start PostgreSQL: there are no programs for this machine (" + archive + ")");
        }
        return bytes;
    }

    private static String system() {
        return System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
    }

    private static String architecture() {
        return System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
    }
}
