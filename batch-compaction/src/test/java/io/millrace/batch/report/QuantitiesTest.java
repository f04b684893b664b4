package io.millrace.batch.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class QuantitiesTest {

    @Test
    void sizesAndTimesAreReadAsPeopleWriteThem() {
        assertThat(Quantities.bytes("128MB")).isEqualTo(128L << 20);
        assertThat(Quantities.bytes("100 gb")).isEqualTo(100L << 30);
        assertThat(Quantities.bytes("4096")).isEqualTo(4096);
        assertThat(Quantities.time("15m")).isEqualTo(Duration.ofMinutes(15));
        assertThat(Quantities.time("3d")).isEqualTo(Duration.ofDays(3));
    }

    @Test
    void whatCannotBeReadSaysWhatWouldBeRight() {
        assertThatThrownBy(() -> Quantities.time("15 minutes"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot read 15 minutes: write a time such as 15m.");
    }

    @Test
    void sizesAreShortForPeople() {
        assertThat(Quantities.text(0)).isEqualTo("0 B");
        assertThat(Quantities.text(1536)).isEqualTo("1.5 KB");
        assertThat(Quantities.text(128L << 20)).isEqualTo("128 MB");
        assertThat(Quantities.text(1023L << 20)).isEqualTo("1.0 GB");
    }
}
