package io.millrace.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** {@code ./millrace demo}, shortened. */
class DemoIT {
    private static final Path DATA = Path.of("target/demo").toAbsolutePath();

    @AfterAll
    static void nothingIsLeft() {
        Processes.assertNoneLeft(DATA);
    }

    @Test
    void endsWithTargetsEqualToTheirSource() throws Exception {
        Command demo = Command.start(
                Path.of("target/demo-output.txt").toAbsolutePath(),
                java.util.Map.of(),
                "demo",
                "--duration",
                "15s",
                "--rate",
                "200",
                "--seed",
                "7",
                "--data",
                DATA.toString(),
                "--port-offset",
                "1200");

        assertThat(demo.exitCode(Duration.ofMinutes(6))).as(demo.output()).isZero();
        assertThat(demo.output()).contains("mismatches: 0");
        JsonNode report = new ObjectMapper().readTree(Files.readString(DATA.resolve("report.json")));
        assertThat(report.path("mismatches").asLong(-1)).isZero();
        assertThat(report.path("accounted_for").asBoolean()).isTrue();
        assertThat(report.path("accounting").path("logistics"))
                .isNotEmpty()
                .allSatisfy(account -> assertThat(account.path("received").asLong())
                        .isPositive()
                        .isEqualTo(account.path("applied").asLong()
                                + account.path("superseded").asLong()
                                + account.path("duplicate").asLong()
                                + account.path("dead_lettered").asLong()
                                + account.path("control").asLong()));
        JsonNode files = report.path("iceberg_files");
        assertThat(files.path("data").asLong()).isPositive();
        assertThat(files.path("position_delete").asLong()).isPositive();
        assertThat(files.path("equality_delete").asLong(-1)).isZero();
        assertThat(report.path("tables"))
                .allSatisfy(table -> assertThat(table.path("iceberg_files")
                                .path("equality_delete")
                                .asLong(-1))
                        .isZero());
        assertThat(report.path("source_rows").asLong()).isPositive();
        assertThat(report.path("iceberg_rows").asLong())
                .isEqualTo(report.path("source_rows").asLong());
        assertThat(report.path("opensearch_docs").asLong())
                .isEqualTo(report.path("source_rows").asLong());
        assertThat(report.path("changes_captured").asLong())
                .isGreaterThanOrEqualTo(report.path("changes_committed").asLong());
        assertThat(report.path("freshness_ms").path("opensearch").path("p95").asLong())
                .isPositive();
        assertThat(report.path("freshness_ms").path("iceberg").path("p95").asLong())
                .isPositive();
        assertThat(report.path("seconds_to_first_row").asDouble()).isPositive();
        assertThat(report.path("tables").size()).isEqualTo(4);
    }
}
