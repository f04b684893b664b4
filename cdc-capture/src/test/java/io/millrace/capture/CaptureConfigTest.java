package io.millrace.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.pipeline.Connections;
import org.junit.jupiter.api.Test;

class CaptureConfigTest {
    private static final Connections.Kinesis KINESIS = new Connections.Kinesis("us-east-1", null);

    @Test
    void slotNameIsAnIdentifier() {
        assertThat(slotName("my-shop")).isEqualTo("millrace_my_shop_my_shop");
    }

    @Test
    void longSlotNamesStayDifferent() {
        String first = slotName("a".repeat(80));
        String second = slotName("a".repeat(79) + "b");
        assertThat(first).hasSizeLessThanOrEqualTo(63).isNotEqualTo(second);
    }

    private static String slotName(String name) {
        return SourceServer.config(
                        5432, name, "app", "secret", KINESIS, SourceServer.table(name, "public", "item", "id"))
                .slotName();
    }
}
