package io.millrace.local.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessIdentityTest {

    @TempDir
    private Path directory;

    @Test
    void aRunningProcessIsFoundAgain() throws Exception {
        Path file = directory.resolve("me.pid");
        ProcessIdentity.current().write(file);

        assertThat(ProcessIdentity.read(file).flatMap(ProcessIdentity::running)).contains(ProcessHandle.current());
    }

    @Test
    void anotherProcessWithTheSamePidIsNotTakenForIt() {
        ProcessIdentity me = ProcessIdentity.current();
        ProcessIdentity earlier = new ProcessIdentity(me.pid(), me.started() - 60_000);

        assertThat(earlier.running()).isEmpty();
    }

    @Test
    void whatIsNoIdentityIsNone() {
        assertThat(ProcessIdentity.parse("")).isEmpty();
        assertThat(ProcessIdentity.parse("12")).isEmpty();
        assertThat(ProcessIdentity.parse("x y")).isEqualTo(Optional.empty());
    }
}
