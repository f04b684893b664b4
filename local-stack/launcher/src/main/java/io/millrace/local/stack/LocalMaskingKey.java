package io.millrace.local.stack;

import io.millrace.schemas.pipeline.PipelineFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/**
 * The masking key of a stack, unless the environment has one: made at the first start and kept in the data directory, where
 * only its owner may read it.
 */
public final class LocalMaskingKey {

    private static final String FILE = "masking.key";

    private LocalMaskingKey() {}

    /** This process's environment, with the key of the stack in a data directory if there is one. */
    public static Map<String, String> environment(Path data) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        Path file = data.resolve(FILE);
        if (environment.getOrDefault(PipelineFile.KEY_VARIABLE, "").isEmpty() && Files.isRegularFile(file)) {
            try {
                environment.put(
                        PipelineFile.KEY_VARIABLE, Files.readString(file).strip());
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot read masking key: " + file + ". Check its rights", e);
            }
        }
        return environment;
    }

    /** Makes a key if there is none. */
    static void ensure(Path data) throws IOException {
        Path file = data.resolve(FILE);
        if (Files.exists(file)) {
            return;
        }
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        Files.createDirectories(data);
        Path part = data.resolve(FILE + ".part");
        Files.deleteIfExists(part);
        Files.createFile(part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(part, Base64.getEncoder().encodeToString(random));
        Files.move(part, file);
    }
}
