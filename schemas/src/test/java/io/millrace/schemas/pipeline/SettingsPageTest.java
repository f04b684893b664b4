package io.millrace.schemas.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SettingsPageTest {

    @Test
    void documentationIsThatOfTheSettings() throws IOException {
        assertIsPage("pipeline-file.md", SettingsPage.ofPipelineFile());
        assertIsPage("mart-file.md", SettingsPage.ofMartFile());
        assertIsPage("landing-file.md", SettingsPage.ofLandingFile());
    }

    private static void assertIsPage(String name, String content) throws IOException {
        Path page = Path.of("..", "docs", name);
        if (Boolean.getBoolean("millrace.regenerate")) {
            Files.createDirectories(page.getParent());
            Files.writeString(page, content);
        }
        assertThat(page)
                .as("docs/" + name + " is stale; run: "
                        + "mvn -q -B -pl schemas test -Dtest=SettingsPageTest -Dmillrace.regenerate=true")
                .hasContent(content);
    }
}
