package io.millrace.schemas.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SettingsPageTest {

    @Test
    void documentationIsThatOfTheSettings() throws IOException {
        Path page = Path.of("..", "docs", "pipeline-file.md");
        if (Boolean.getBoolean("millrace.regenerate")) {
            Files.createDirectories(page.getParent());
            Files.writeString(page, SettingsPage.markdown());
        }

        assertThat(page)
                .as("docs/pipeline-file.md is stale; run: "
                        + "mvn -q -B -pl schemas test -Dtest=SettingsPageTest -Dmillrace.regenerate=true")
                .hasContent(SettingsPage.markdown());
    }
}
