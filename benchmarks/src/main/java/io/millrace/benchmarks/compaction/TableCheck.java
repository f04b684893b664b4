package io.millrace.benchmarks.compaction;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;

/** Looks at a table: whether it holds what the history says, and how its files lie. */
final class TableCheck {
    private TableCheck() {}

    /**
     * How the files of the days lie that nobody writes to.
     *
     * @param files how many there are
     * @param offTarget files beyond a quarter of the target, but for each day's smallest
     * @param smallest the smallest file that is not its day's smallest
     * @param largest the largest file
     * @param deleteFiles delete files that a scan of these days opens
     */
    record Layout(int files, int offTarget, long smallest, long largest, int deleteFiles) {}

    static Layout coldDays(Table table, ParcelHistory history, long target) throws IOException {
        table.refresh();
        List<List<Long>> sizes = new ArrayList<>();
        for (int day = 0; day < history.days() - 1; day++) {
            sizes.add(new ArrayList<>());
        }
        Set<String> deletes = new HashSet<>();
        try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
            for (FileScanTask task : tasks) {
                int day = task.partition().get(0, Integer.class);
                if (day < sizes.size()) {
                    sizes.get(day).add(task.file().fileSizeInBytes());
                    task.deletes().forEach(delete -> deletes.add(delete.location()));
                }
            }
        }
        int files = sizes.stream().mapToInt(List::size).sum();
        List<Long> judged = new ArrayList<>();
        sizes.forEach(day -> judged.addAll(day.stream().sorted().skip(1).toList()));
        int off = (int) judged.stream()
                .filter(size -> size < target * 0.75 || size > target * 1.25)
                .count();
        return new Layout(
                files,
                off,
                judged.stream().mapToLong(Long::longValue).min().orElse(0),
                judged.stream().mapToLong(Long::longValue).max().orElse(0),
                deletes.size());
    }

    /**
     * Reads every row and every column.
     *
     * @param changes how many changes have been applied
     * @return how many rows are missing, there twice, or not as they should be
     */
    static long differences(Table table, ParcelHistory history, long changes) throws IOException {
        table.refresh();
        Map<Long, Long> touched = history.after(changes);
        BitSet seen = new BitSet();
        Set<Long> seenNew = new HashSet<>();
        long wrong = 0;
        try (CloseableIterable<Record> rows = IcebergGenerics.read(table).build()) {
            for (Record row : rows) {
                long id = (Long) row.getField("id");
                boolean first = id >= history.rows() ? seenNew.add(id) : !seen.get((int) id);
                if (id < history.rows()) {
                    seen.set((int) id);
                }
                long version = expected(history, touched, id);
                boolean equal = version != ParcelHistory.GONE
                        && row.getField("version").equals(version)
                        && row.getField("day").equals(history.day(id))
                        && row.getField("payload").equals(history.payload(id, version));
                if (!first || !equal) {
                    wrong++;
                }
            }
        }
        for (long id = 0; id < history.rows(); id++) {
            if (!seen.get((int) id) && expected(history, touched, id) != ParcelHistory.GONE) {
                wrong++;
            }
        }
        for (Map.Entry<Long, Long> row : touched.entrySet()) {
            if (row.getKey() >= history.rows()
                    && row.getValue() != ParcelHistory.GONE
                    && !seenNew.contains(row.getKey())) {
                wrong++;
            }
        }
        return wrong;
    }

    private static long expected(ParcelHistory history, Map<Long, Long> touched, long id) {
        Long version = touched.get(id);
        if (version != null) {
            return version;
        }
        return id < history.rows() && !history.isDeletedFromTheStart(id) ? 0 : ParcelHistory.GONE;
    }
}
