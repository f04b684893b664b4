package io.millrace.local.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PortsTest {

    @Test
    void anOffsetMovesAllPortsButTheChosenOnes() {
        Ports ports = Ports.of(100, Map.of("kinesis", 4567));

        assertThat(ports.number(Port.KINESIS)).isEqualTo(4567);
        assertThat(ports.number(Port.POSTGRES)).isEqualTo(15532);
        assertThat(ports.number(Port.OPENSEARCH_TRANSPORT)).isEqualTo(19400);
    }

    @Test
    void allMistakesAreToldAtOnce() {
        assertThatThrownBy(() -> Ports.of(0, Map.of("redis", 6379, "s3", 70000, "flink", 19010)))
                .isInstanceOfSatisfying(StackProblem.class, problem -> {
                    assertThat(problem.exitCode()).isEqualTo(2);
                    assertThat(problem.messages())
                            .hasSize(3)
                            .anySatisfy(message -> assertThat(message).startsWith("Cannot set the port of: redis."))
                            .anySatisfy(message -> assertThat(message).startsWith("Cannot use port 70000 for s3"))
                            .anySatisfy(message -> assertThat(message)
                                    .startsWith("Cannot use port 19010 for both registry and flink"));
                });
    }
}
