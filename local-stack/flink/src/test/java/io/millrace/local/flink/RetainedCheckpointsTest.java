package io.millrace.local.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetainedCheckpointsTest {

    @TempDir
    Path base;

    @Test
    void nothingIsFoundWhereNothingIs() throws IOException {
        assertThat(RetainedCheckpoints.under(base.resolve("none").toUri().toString())
                        .newest())
                .isEmpty();
    }

    @Test
    void checkpointWithoutMetadataDoesNotCount() throws IOException {
        complete("run/chk-7", 1000);
        Files.createDirectories(base.resolve("run/chk-8"));
        assertThat(newest()).endsWith("run/chk-7");
    }

    @Test
    void newestRunWinsOverTheHighestNumber() throws IOException {
        complete("first/chk-90", 1000);
        complete("second/chk-3", 2000);
        assertThat(newest()).endsWith("second/chk-3");
    }

    @Test
    void higherNumberWinsAtOneTime() throws IOException {
        complete("run/chk-9", 1000);
        complete("run/chk-10", 1000);
        assertThat(newest()).endsWith("run/chk-10");
    }

    private void complete(String checkpoint, long modified) throws IOException {
        Path directory = Files.createDirectories(base.resolve(checkpoint));
        Path metadata = Files.writeString(directory.resolve("_metadata"), "x");
        Files.setLastModifiedTime(metadata, FileTime.fromMillis(modified));
    }

    private String newest() throws IOException {
        return RetainedCheckpoints.under(base.toUri().toString()).newest().orElseThrow();
    }
}
