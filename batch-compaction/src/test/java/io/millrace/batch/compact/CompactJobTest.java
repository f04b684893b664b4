package io.millrace.batch.compact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.batch.DirectoryPipeline;
import io.millrace.batch.LocalSpark;
import io.millrace.batch.compact.ParcelTable.Place;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole job, as spark-submit starts it, on a table in a directory. */
class CompactJobTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private DirectoryPipeline pipeline;

    @BeforeEach
    void writePipeline() throws IOException {
        pipeline = new DirectoryPipeline(folder);
        pipeline.write("millrace", "logistics.parcels", "logistics.never_written");
    }

    @Test
    void tablesOfThePipelineAreCompactedAndReported() throws Exception {
        ParcelTable parcels = ParcelTable.create(folder.resolve("warehouse"), 2);
        DataFile first = parcels.append("north", 5, 3, 1);
        parcels.append("north", 4, 2, 6);
        parcels.append("south", 8, 7);
        parcels.append("south", 9);
        parcels.deleteTogether("north", new Place(first, 1));
        List<String> before = parcels.rows();

        int exitCode = run("--cool-down", "0s", "--json");

        assertThat(exitCode).as(err.toString()).isZero();
        assertThat(err.toString()).contains("2/2 region=");
        assertThat(parcels.rows()).isEqualTo(before);
        JsonNode table =
                new ObjectMapper().readTree(out.toString()).get("tables").get(0);
        assertThat(table.get("plan").get("groups")).hasSize(2);
        assertThat(table.get("result").get("dataFiles").get("<1/8").asInt()).isEqualTo(2);
        assertThat(table.get("result").get("deleteFiles").asInt()).isZero();
        assertThat(table.get("result").get("groups"))
                .allMatch(group -> group.get("outcome").asText().equals("done"));
    }

    @Test
    void aDryRunPrintsThePlanAndChangesNothing() throws Exception {
        ParcelTable parcels = ParcelTable.create(folder.resolve("warehouse"), 2);
        parcels.append("north", 1);
        parcels.append("north", 2);
        long snapshot = parcels.open().currentSnapshot().snapshotId();

        int exitCode = run("--cool-down", "0s", "--dry-run");

        assertThat(exitCode).isZero();
        assertThat(out.toString()).contains("region=north", "Plan: 1 groups").doesNotContain("Done");
        assertThat(parcels.open().currentSnapshot().snapshotId()).isEqualTo(snapshot);
    }

    @Test
    void partitionsBeingWrittenToAreLeftAlone() throws Exception {
        ParcelTable parcels = ParcelTable.create(folder.resolve("warehouse"), 2);
        parcels.append("north", 1);
        parcels.append("north", 2);

        int exitCode = run();

        assertThat(exitCode).isZero();
        assertThat(out.toString()).contains("Plan: 0 groups", "Left alone, as they are being written to: region=north");
    }

    @Test
    void aTableMayBeNamedAsItsSourceIs() throws Exception {
        ParcelTable parcels = ParcelTable.create(folder.resolve("warehouse"), 2);
        parcels.append("north", 1);
        parcels.append("north", 2);

        int exitCode = run("--table", "public.parcels", "--cool-down", "0s", "--skip-upkeep");

        assertThat(exitCode).as(err.toString()).isZero();
        assertThat(out.toString()).contains("DATA FILES", "before", "after", "Plan: 1 groups");
        assertThat(parcels.ids()).containsExactly(1L, 2L);
    }

    @Test
    void filesOfTheCommandLineMayBeAddresses() throws Exception {
        ParcelTable.create(folder.resolve("warehouse"), 2);
        String both = Files.readString(folder.resolve("pipeline.yaml"));
        int connections = both.indexOf("connections:");
        Files.writeString(folder.resolve("pipeline.yaml"), both.substring(0, connections));
        Files.writeString(folder.resolve("connections.yaml"), both.substring(connections));

        int exitCode = CompactJob.run(
                new String[] {
                    "--pipeline",
                    folder.resolve("pipeline.yaml").toUri().toString(),
                    "--connections",
                    folder.resolve("connections.yaml").toUri().toString(),
                    "--dry-run"
                },
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                LocalSpark::session);

        assertThat(exitCode).as(err.toString()).isZero();
        assertThat(out.toString()).contains("Plan: 0 groups");
    }

    @Test
    void aFileThatIsNotThereIsTold() throws Exception {
        int exitCode = CompactJob.run(
                new String[] {
                    "--pipeline", folder.resolve("nowhere.yaml").toUri().toString()
                },
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                LocalSpark::session);

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString()).startsWith("Cannot read file: file:").contains("nowhere.yaml");
    }

    @Test
    void whoWatchesRunsAgain() throws Exception {
        ParcelTable parcels = ParcelTable.create(folder.resolve("warehouse"), 2);
        Thread watching = new Thread(() -> {
            try {
                run("--watch", "1s", "--cool-down", "0s", "--json", "--skip-upkeep");
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        watching.start();
        await().atMost(Duration.ofMinutes(1)).until(() -> out.toString().lines().count() >= 1);
        parcels.append("north", 1);
        parcels.append("north", 2);

        await().atMost(Duration.ofMinutes(1)).until(() -> out.toString().contains("\"outcome\":\"done\""));

        watching.interrupt();
        watching.join();
        assertThat(parcels.ids()).containsExactly(1L, 2L);
        assertThat(out.toString().lines()).allSatisfy(line -> new ObjectMapper().readTree(line));
    }

    @Test
    void aTableThatIsNamedMustExist() throws Exception {
        int exitCode = run("--table", "logistics.nowhere");

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("Cannot find table logistics.nowhere")
                .contains("logistics.parcels");
    }

    @Test
    void wrongSizesAreRefused() throws Exception {
        int exitCode = run("--target-file-size", "huge");

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("Cannot read the command line")
                .contains("Cannot read huge: write a size such as 128MB.");
    }

    @Test
    void youngOrphansAreNotDeleted() throws Exception {
        int exitCode = run("--orphans-older-than", "1h");

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString()).startsWith("Cannot delete orphans younger than a day");
    }

    private int run(String... arguments) throws InterruptedException {
        return CompactJob.run(
                pipeline.commandLine(arguments),
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                LocalSpark::session);
    }
}
