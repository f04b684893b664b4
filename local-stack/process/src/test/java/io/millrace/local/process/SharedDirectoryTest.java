package io.millrace.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedDirectoryTest {
    @TempDir
    Path folder;

    @Test
    void whoIsSecondKeepsWhatTheFirstHasMade() throws Exception {
        Path place = folder.resolve("programs");

        SharedDirectory.make(place, second -> {
            SharedDirectory.make(place, first -> Files.writeString(first.resolve("program"), "first"));
            Files.writeString(second.resolve("program"), "second");
        });

        assertThat(place.resolve("program")).hasContent("first");
        assertThat(children()).as("nothing else is left").containsExactly(place);
    }

    @Test
    void isNotMadeInPart() throws Exception {
        Path place = folder.resolve("programs");

        assertThatThrownBy(() -> SharedDirectory.make(place, part -> {
                    Files.writeString(part.resolve("half"), "");
                    throw new NoSuchFileException("archive");
                }))
                .isInstanceOf(NoSuchFileException.class);

        assertThat(children()).isEmpty();
    }

    private Stream<Path> children() throws IOException {
        return Files.list(folder);
    }
}
