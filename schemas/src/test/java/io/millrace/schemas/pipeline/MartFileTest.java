package io.millrace.schemas.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MartFileTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"UTC", "Europe/Berlin", "Etc/GMT-3", "+05:30", "-11:59:30"})
    void aDayMayEndInAnyTimeZone(String zone) throws IOException {
        assertThat(MartFile.read(marts(zone)).get(0).timeZone()).isEqualTo(ZoneId.of(zone));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Berlin", "+5", "+19:00", "5"})
    void whatIsNoTimeZoneIsTold(String zone) throws IOException {
        Path file = marts(zone);

        assertThatThrownBy(() -> MartFile.read(file))
                .isInstanceOf(PipelineProblems.class)
                .hasMessageContaining("Cannot use marts[0].time-zone: " + zone)
                .hasMessageContaining("+05:30");
    }

    private Path marts(String zone) throws IOException {
        return Files.writeString(folder.resolve("marts.yaml"), """
                marts:
                  - table: marts.daily
                    time-zone: "%s"
                    key: [region]
                    inputs: { orders: shop.orders }
                    steps:
                      - { view: totals, sql: "SELECT region FROM orders" }
                """.formatted(zone));
    }
}
