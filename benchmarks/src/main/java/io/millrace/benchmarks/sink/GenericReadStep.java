package io.millrace.benchmarks.sink;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.StaticTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericDeleteFilter;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.formats.FormatModelRegistry;
import org.apache.iceberg.hadoop.HadoopFileIO;
import org.apache.iceberg.io.CloseableIterable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Reads a snapshot with Iceberg's generic reader: one thread, row by row, no cache between files. */
@Command(name = "read")
final class GenericReadStep implements Callable<Integer>, ReadEngine {
    private static final int SAMPLE_STRIDE = 25;

    @Mixin
    private ReadOptions options;

    @SuppressWarnings("NullAway.Init")
    private GenericReadStep() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new GenericReadStep()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        new Reads(options, this).run();
        return 0;
    }

    private Table table() {
        return new BaseTable(
                new StaticTableOperations(options.metadata(), new HadoopFileIO(new Configuration())), "orders");
    }

    private IcebergGenerics.ScanBuilder read() {
        return IcebergGenerics.read(table()).useSnapshot(options.snapshot());
    }

    @Override
    public History.Totals scan() throws Exception {
        History.Totals totals = History.Totals.NONE;
        try (CloseableIterable<Record> records = read().build()) {
            for (Record row : records) {
                totals = totals.plus((Long) row.get(0), (Long) row.get(1), (Long) row.get(4));
            }
        }
        return totals;
    }

    @Override
    public double sampledScan() throws Exception {
        Table table = table();
        List<FileScanTask> tasks = new ArrayList<>();
        try (CloseableIterable<FileScanTask> planned =
                table.newScan().useSnapshot(options.snapshot()).planFiles()) {
            planned.forEach(tasks::add);
        }
        // What a file costs depends on its age: old ones have all deletes since before them.
        tasks.sort(Comparator.comparing(task -> task.file().dataSequenceNumber()));
        int sampled = 0;
        for (int i = SAMPLE_STRIDE / 2; i < tasks.size(); i += SAMPLE_STRIDE) {
            read(table, tasks.get(i));
            sampled++;
        }
        return sampled == 0 ? 1 : (double) sampled / tasks.size();
    }

    /** As the generic reader does it. */
    private static void read(Table table, FileScanTask task) throws IOException {
        GenericDeleteFilter deletes = new GenericDeleteFilter(table.io(), task, table.schema(), table.schema());
        try (CloseableIterable<Record> rows = deletes.filter(FormatModelRegistry.<Record, Object>readBuilder(
                        task.file().format(), Record.class, table.io().newInputFile(task.file()))
                .project(deletes.requiredSchema())
                .build())) {
            for (Record row : rows) {
                if (row.size() == 0) {
                    throw new IllegalStateException("Cannot read a row without columns");
                }
            }
        }
    }

    @Override
    public long aggregate() throws Exception {
        Map<Object, long[]> groups = new HashMap<>();
        try (CloseableIterable<Record> records =
                read().select("status", "amount").build()) {
            for (Record row : records) {
                long[] group = groups.computeIfAbsent(row.getField("status"), created -> new long[2]);
                group[0] += (Long) row.getField("amount");
                group[1]++;
            }
        }
        return groups.values().stream().mapToLong(group -> group[0]).sum();
    }

    @Override
    public long lookUp(long id) throws Exception {
        long rows = 0;
        try (CloseableIterable<Record> records =
                read().where(Expressions.equal("id", id)).build()) {
            for (Record row : records) {
                rows += row.size() > 0 ? 1 : 0;
            }
        }
        return rows;
    }
}
