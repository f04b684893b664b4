package io.millrace.batch.mart.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.batch.mart.MartFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs of one day beside each other: readers see what one of them has checked, whole. */
class DayBranchTest {
    private static final LocalDate DAY = LocalDate.of(2026, 3, 1);

    @TempDir
    Path folder;

    private Table mart;

    @BeforeEach
    void createMart() {
        Schema schema = new Schema(Types.NestedField.required(1, "day", Types.DateType.get()));
        mart = new HadoopTables(new Configuration())
                .create(
                        schema,
                        PartitionSpec.builderFor(schema).identity("day").build(),
                        folder.resolve("mart").toUri().toString());
    }

    @Test
    void daysBesideEachOtherArePublishedAll() throws IOException {
        DayBranch first = begin(DAY);
        DayBranch second = begin(DAY.plusDays(1));
        write(first, DAY, "first");
        write(second, DAY.plusDays(1), "second");

        first.publish();
        second.publish();

        assertThat(files()).containsExactly("first", "second");
        assertThat(mart.refs().keySet()).containsExactly("main");
    }

    @Test
    void runThatBeginsLaterTakesTheDayOver() throws IOException {
        DayBranch first = begin(DAY);
        write(first, DAY, "first");
        DayBranch second = begin(DAY);

        assertThatThrownBy(first::publish)
                .isInstanceOf(MartFailure.class)
                .hasMessageContaining("another run of the day has begun");
        write(second, DAY, "second");
        second.publish();

        assertThat(files()).containsExactly("second");
        assertThat(mart.refs().keySet()).containsExactly("main");
    }

    @Test
    void runWhoseBranchWasRemovedWhileItWrotePublishesItsOwnRowsOnly() throws IOException {
        DayBranch first = begin(DAY);
        DayBranch second = begin(DAY);
        write(second, DAY, "second");
        // Iceberg makes a branch of what is written to none.
        write(first, DAY, "first");

        first.publish();
        assertThat(files()).containsExactly("first");
        second.publish();

        assertThat(files()).containsExactly("second");
        assertThat(mart.refs().keySet()).containsExactly("main");
    }

    @Test
    void reasonOfARunThatIsGivenUpIsToldUnlessAnotherRunIsTheReason() {
        RuntimeException reason = new RuntimeException("no rows");

        assertThat(begin(DAY).abandon(reason)).isSameAs(reason);
        DayBranch first = begin(DAY);
        begin(DAY);

        assertThat(first.abandon(reason)).isInstanceOf(MartFailure.class).hasCause(reason);
    }

    @Test
    void reasonOfARunIsToldAlsoIfItsBranchCannotBeRemoved() {
        RuntimeException reason = new RuntimeException("no rows");
        DayBranch run = begin(DAY);
        new HadoopTables(new Configuration()).dropTable(mart.location());

        assertThat(run.abandon(reason)).isSameAs(reason);
        assertThat(reason.getSuppressed()).hasSize(1);
    }

    /** A run, which has its own view of the table. */
    private DayBranch begin(LocalDate day) {
        return DayBranch.begin(
                new HadoopTables(new Configuration())
                        .load(folder.resolve("mart").toUri().toString()),
                "day",
                day);
    }

    private void write(DayBranch branch, LocalDate day, String name) {
        DataFile file = DataFiles.builder(mart.spec())
                .withPath(folder.resolve(name + ".parquet").toString())
                .withFileSizeInBytes(100)
                .withRecordCount(1)
                .withPartitionPath("day=" + day)
                .build();
        mart.newOverwrite()
                .toBranch(branch.name())
                .overwriteByRowFilter(Expressions.equal("day", (int) day.toEpochDay()))
                .addFile(file)
                .commit();
    }

    /** The files that readers of {@code main} see. */
    private List<String> files() throws IOException {
        mart.refresh();
        List<String> names = new ArrayList<>();
        try (CloseableIterable<FileScanTask> tasks = mart.newScan().planFiles()) {
            tasks.forEach(task -> names.add(
                    Path.of(task.file().location()).getFileName().toString().replace(".parquet", "")));
        }
        names.sort(null);
        return names;
    }
}
