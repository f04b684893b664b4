package io.millrace.schemas.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.pipeline.LandingZone.Mode;
import io.millrace.schemas.pipeline.LandingZone.OperationColumn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LandingFileTest {
    @TempDir
    Path folder;

    @Test
    void exampleIsRight() {
        assertThat(LandingFile.read(
                        Path.of("..", "pipelines", "logistics-landing.yaml"), Map.of("LANDING", "/tmp/landing")))
                .satisfiesExactly(
                        carriers -> {
                            assertThat(carriers.mode()).isEqualTo(Mode.MERGE);
                            assertThat(carriers.format().timestampColumn()).isEqualTo("committed_at");
                            assertThat(carriers.location()).isEqualTo("/tmp/landing/public/carriers");
                        },
                        tolls -> assertThat(tolls.mode()).isEqualTo(Mode.APPEND));
    }

    @Test
    void defaultsAreThoseOfDms() throws IOException {
        LandingZone zone = LandingFile.read(file("""
                        landing:
                          - {name: orders, location: "s3://shop/dms/public/orders", table: raw.orders}
                        """), Map.of()).get(0);

        assertThat(zone.mode()).isEqualTo(Mode.APPEND);
        assertThat(zone.format())
                .isEqualTo(new LandingZone.Format(false, OperationColumn.CHANGES, null, ',', '"', "NULL"));
    }

    @Test
    void marksMayBeTabsOrMissing() throws IOException {
        LandingZone zone = LandingFile.read(file("""
                        landing:
                          - name: orders
                            location: /landing/orders
                            table: raw.orders
                            format: {delimiter: tab, quote: none, null-value: "", operation-column: all}
                        """), Map.of()).get(0);

        assertThat(zone.format()).isEqualTo(new LandingZone.Format(false, OperationColumn.ALL, null, '\t', null, ""));
    }

    @Test
    void everythingThatIsWrongIsReportedAtOnce() throws IOException {
        Path file = file("""
                landing:
                  - name: orders
                    location: landing/orders
                    table: raw.orders
                    mode: merge
                    columns: {id: int64, ID: int64, millrace_x: string, tags: array(string), cost: money}
                  - name: orders
                    location: /landing/tickets
                    table: raw.orders
                    mode: merge
                    key: [ticket]
                    columns: {id: int64}
                    format: {delimiter: '"', quote: '""'}
                """);

        assertThatThrownBy(() -> LandingFile.read(file, Map.of()))
                .isInstanceOf(PipelineProblems.class)
                .hasMessageContainingAll(
                        "Give a folder",
                        "Cannot merge without a key",
                        "another differs by case only",
                        "the job's own",
                        "Cannot read arrays from CSV",
                        "decimal(p,s)",
                        "Cannot use name orders twice",
                        "Cannot use table raw.orders twice",
                        "Cannot find key column ticket",
                        "one ASCII character");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("landing.yaml"), text);
    }
}
