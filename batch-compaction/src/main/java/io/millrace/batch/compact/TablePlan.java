package io.millrace.batch.compact;

import io.millrace.batch.compact.policy.Census;
import io.millrace.batch.compact.policy.CompactionPlan;
import io.millrace.batch.compact.policy.CompactionPolicy;
import io.millrace.batch.compact.policy.FileGroup;
import io.millrace.batch.compact.rewrite.TableFiles;
import java.time.Instant;
import org.apache.iceberg.Table;

/**
 * What a run is going to do with a table.
 *
 * @param table the table as it was when it was planned; nobody refreshes it
 * @param files its data files then; none if it has no snapshot
 * @param plan the groups
 */
record TablePlan(Table table, TableFiles files, CompactionPlan plan) {

    /**
     * Looks at the table's newest snapshot.
     *
     * @param share the most that the table's groups may take
     */
    static TablePlan of(Table table, CompactionPolicy policy, Instant now, long share) {
        TableFiles files = TableFiles.ofNewest(table);
        return new TablePlan(table, files, policy.plan(files.partitions(), now, share));
    }

    Census census(long targetFileBytes) {
        return Census.of(files.partitions(), targetFileBytes);
    }

    long bytes() {
        return plan.groups().stream().mapToLong(FileGroup::bytes).sum();
    }

    long savedBytesPerScan() {
        return plan.groups().stream().mapToLong(FileGroup::savedBytesPerScan).sum();
    }
}
