package io.millrace.benchmarks.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.benchmarks.sink.ReadResult.Operation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ReadsTest {
    private static final History HISTORY = new History(Workload.UNIFORM, 100, 10);

    @TempDir
    Path directory;

    /** Answers right, but for so many rows too few in a look-up. */
    private record Engine(int missing) implements ReadEngine {
        @Override
        public History.Totals scan() {
            return HISTORY.totals(3);
        }

        @Override
        public double sampledScan() {
            return 0.25;
        }

        @Override
        public long aggregate() {
            return HISTORY.totals(3).amount();
        }

        @Override
        public long lookUp(long id) {
            return 1L - missing;
        }
    }

    private ReadOptions options() {
        ReadOptions options = new ReadOptions();
        new CommandLine(CommandLine.Model.CommandSpec.create()
                        .addMixin("options", CommandLine.Model.CommandSpec.forAnnotatedObject(options)))
                .parseArgs(
                        "--workload=UNIFORM",
                        "--keys=100",
                        "--upserts=10",
                        "--table=t",
                        "--metadata=m",
                        "--snapshot=1",
                        "--commits=3",
                        "--operations=SCAN,AGGREGATE,LOOK_UP",
                        "--repeats=2",
                        "--cpu-limit=1000",
                        "--events=" + directory.resolve("events"));
        return options;
    }

    @Test
    void notesEachOperationWithItsRepetitions() throws Exception {
        new Reads(options(), new Engine(0)).run();

        List<String> lines = Files.readAllLines(directory.resolve("events"));
        assertThat(lines).hasSize(3);
        ReadResult scan = Json.parse(lines.get(0), ReadResult.class);
        assertThat(scan.operation()).isEqualTo(Operation.SCAN);
        assertThat(scan.runs()).hasSize(2);
        assertThat(Json.parse(lines.get(2), ReadResult.class).runs()).hasSize(6);
    }

    @Test
    void doesNotMeasureAReaderThatAnswersWrong() {
        Reads reads = new Reads(options(), new Engine(1));

        assertThatThrownBy(reads::run).hasMessage("Cannot trust the LOOK_UP: expected 1, read 0");
    }
}
