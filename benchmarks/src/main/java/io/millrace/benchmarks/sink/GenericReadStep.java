package io.millrace.benchmarks.sink;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.StaticTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.hadoop.HadoopFileIO;
import org.apache.iceberg.io.CloseableIterable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Reads a snapshot with Iceberg's generic reader: one thread, row by row, no cache between files. */
@Command(name = "read")
final class GenericReadStep implements Callable<Integer>, ReadEngine {
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

    private IcebergGenerics.ScanBuilder read() {
        Table table = new BaseTable(
                new StaticTableOperations(options.metadata(), new HadoopFileIO(new Configuration())), "orders");
        return IcebergGenerics.read(table).useSnapshot(options.snapshot());
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
