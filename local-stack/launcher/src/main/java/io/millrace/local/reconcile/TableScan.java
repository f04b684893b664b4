package io.millrace.local.reconcile;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** One look at a source and a target as they were at a moment: which rows are different, or under way. */
final class TableScan {
    /** Suspects that are kept and looked at again. */
    static final int MAX_SUSPECTS = 50_000;

    private final ComparedTable table;
    private final BucketSet buckets;
    private final DigestTable digests = new DigestTable();
    private final Map<String, Suspect> suspects = new LinkedHashMap<>();
    private final BitSet seen = new BitSet();
    private boolean suspected;
    private long rowsRead;
    private long sourceRows;
    private long targetRows;
    private long unchecked;

    private TableScan(ComparedTable table, BucketSet buckets) {
        this.table = table;
        this.buckets = buckets;
    }

    /** Compares all rows. */
    static TableScan ofRows(ComparedTable table, TableView source, TableView target) {
        TableScan scan = new TableScan(table, BucketSet.ALL);
        scan.compare(source, target);
        scan.rowsRead = scan.targetRows;
        return scan;
    }

    /** Compares the rows of those buckets whose checksums differ. */
    static TableScan ofBuckets(
            ComparedTable table,
            TableView source,
            BucketChecksums sourceSums,
            TableView target,
            BucketChecksums targetSums) {
        TableScan scan = new TableScan(table, sourceSums.differing(targetSums));
        if (!scan.buckets.isEmpty()) {
            scan.compare(source, target);
        }
        scan.rowsRead = scan.targetRows;
        scan.sourceRows = sourceSums.rows();
        scan.targetRows = targetSums.rows();
        return scan;
    }

    private void compare(TableView source, TableView target) {
        source.scan(buckets, meant(row -> {
            sourceRows++;
            digests.add(RowDigest.of(row.id()), table.digest(row));
        }));
        target.scan(buckets, meant(this::compareWithSource));
        if (seen.cardinality() < digests.size()) {
            source.scan(buckets, meant(this::findUnseen));
        }
    }

    /** Only the rows of the buckets: a side may have no way to read them alone. */
    private Consumer<ComparedRow> meant(Consumer<ComparedRow> rows) {
        return buckets.isAll()
                ? rows
                : row -> {
                    if (buckets.has(buckets.buckets().of(table.keyDigest(row)))) {
                        rows.accept(row);
                    }
                };
    }

    private void compareWithSource(ComparedRow row) {
        targetRows++;
        int slot = digests.find(RowDigest.of(row.id()));
        boolean again = slot >= 0 && seen.get(slot);
        if (slot < 0 || again || !digests.holds(slot, table.digest(row))) {
            suspect(row);
        }
        if (slot >= 0) {
            seen.set(slot);
        }
    }

    private void findUnseen(ComparedRow row) {
        int slot = digests.find(RowDigest.of(row.id()));
        if (slot < 0 || !seen.get(slot)) {
            suspect(row);
        }
    }

    private void suspect(ComparedRow row) {
        suspected = true;
        if (suspects.size() < MAX_SUSPECTS || suspects.containsKey(row.id())) {
            suspects.putIfAbsent(row.id(), new Suspect(table.keyOf(row)));
        } else {
            unchecked++;
        }
    }

    /** The rows to look at again, by their ids; whoever does takes out what is settled. */
    Map<String, Suspect> suspects() {
        return suspects;
    }

    /** More rows that looked different, too many to look at again. */
    long unchecked() {
        return unchecked;
    }

    /** How many rows of the target were compared one by one. */
    long rowsRead() {
        return rowsRead;
    }

    /** How many rows the source had. */
    long sourceRows() {
        return sourceRows;
    }

    /** How many rows the target has, once what was under way has arrived. */
    long targetRows(List<Difference> differences) {
        if (!suspected || unchecked > 0) {
            return targetRows;
        }
        long rows = sourceRows;
        for (Difference difference : differences) {
            rows += switch (difference.kind()) {
                case MISSING -> -1;
                case EXTRA, DUPLICATE -> 1;
                case CHANGED -> 0;
            };
        }
        return rows;
    }
}
