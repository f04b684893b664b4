package io.millrace.local.chaos;

import java.nio.file.Path;
import java.util.Map;
import org.apache.iceberg.Files;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;

/** Reads and writes {@code s3://} locations in the directory in which the S3 server keeps them. */
public final class DiskBelowS3 implements FileIO {
    static final String DIRECTORY = "chaos.directory";
    private static final long serialVersionUID = 1L;

    private String directory = "";

    @Override
    public void initialize(Map<String, String> properties) {
        directory = properties.getOrDefault(DIRECTORY, "");
    }

    private Path path(String location) {
        return Path.of(directory, location.substring("s3://".length()));
    }

    @Override
    public InputFile newInputFile(String location) {
        return Files.localInput(path(location).toFile());
    }

    @Override
    public OutputFile newOutputFile(String location) {
        return Files.localOutput(path(location).toFile());
    }

    @Override
    public void deleteFile(String location) {
        throw new UnsupportedOperationException("Cannot delete " + location + ": who checks a table deletes nothing");
    }
}
