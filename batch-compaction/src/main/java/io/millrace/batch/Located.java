package io.millrace.batch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;

/** Files of the command line: a driver on a cluster finds them on S3, and not beside it. */
public final class Located {
    private static final Pattern ADDRESS = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]+:.*");

    private Located() {}

    /**
     * A file on this machine with the contents of one that may be elsewhere.
     *
     * @param location a path, or an address that Hadoop can read
     * @throws WrongUsage if Hadoop cannot
     */
    public static Path fetch(String location) throws IOException {
        if (!ADDRESS.matcher(location).matches()) {
            return Path.of(location);
        }
        Path copy = Files.createTempFile("millrace-", ".yaml");
        copy.toFile().deleteOnExit();
        org.apache.hadoop.fs.Path remote = new org.apache.hadoop.fs.Path(location);
        try (InputStream in = remote.getFileSystem(new Configuration()).open(remote)) {
            Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | RuntimeException e) {
            throw new WrongUsage("Cannot read file: " + location + ". " + e.getMessage(), e);
        }
        return copy;
    }
}
