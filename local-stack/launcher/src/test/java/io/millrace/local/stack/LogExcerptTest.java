package io.millrace.local.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogExcerptTest {

    @TempDir
    private Path directory;

    @Test
    void theReasonsAreTheLinesForTheUserOfTheLastRunOnly() throws Exception {
        Path log = directory.resolve("x.log");
        Files.writeString(log, "Cannot find the past\n");
        long from = Files.size(log);
        Files.writeString(log, "Cannot find the past\nINFO fine\nCannot reach: a\nCannot reach: a\nCannot read: b\n");

        assertThat(LogExcerpt.reasons(log, from)).containsExactly("Cannot reach: a", "Cannot read: b");
    }

    @Test
    void aMissingLogHasNoReasons() {
        assertThat(LogExcerpt.reasons(directory.resolve("none.log"), 0)).isEmpty();
    }
}
