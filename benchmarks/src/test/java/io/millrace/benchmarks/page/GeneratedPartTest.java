package io.millrace.benchmarks.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GeneratedPartTest {
    private final GeneratedPart part = new GeneratedPart("sink");

    @Test
    void replacesOnlyItsOwnPart() {
        String page = "# Page\n\n<!-- sink:begin, generated -->\nold\n<!-- sink:end -->\n\nprose\n";

        assertThat(part.replaceIn(page, "new\n"))
                .isEqualTo("# Page\n\n<!-- sink:begin, generated -->\nnew\n<!-- sink:end -->\n\nprose\n");
    }

    @Test
    void isAddedToAPageThatHasNone() {
        assertThat(part.replaceIn("# Page\n", "new"))
                .isEqualTo("# Page\n\n<!-- sink:begin, generated -->\nnew\n<!-- sink:end -->\n");
    }
}
