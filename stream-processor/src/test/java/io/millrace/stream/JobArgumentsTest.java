package io.millrace.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class JobArgumentsTest {

    @Test
    void takesAPipelineAndConnections() {
        assertThat(JobArguments.parse(new String[] {"--connections", "c.yaml", "--pipeline", "p.yaml"}))
                .isEqualTo(new JobArguments(Path.of("p.yaml"), Path.of("c.yaml")));
    }

    @Test
    void saysWhatIsMissing() {
        assertThatThrownBy(() -> JobArguments.parse(new String[0])).hasMessageContaining("Add --pipeline FILE");
    }

    @Test
    void saysWhatIsNotUnderstood() {
        assertThatThrownBy(() -> JobArguments.parse(new String[] {"--pipelines", "p.yaml"}))
                .hasMessageContaining("--pipelines");
    }
}
