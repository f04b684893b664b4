package io.millrace.batch.compact;

import io.millrace.batch.compact.TableResult.GroupResult;
import io.millrace.batch.compact.policy.FileGroup;
import io.millrace.batch.compact.rewrite.GroupCommitter;
import io.millrace.batch.compact.rewrite.GroupRewriter;
import io.millrace.batch.compact.rewrite.RewrittenGroup;
import io.millrace.batch.compact.rewrite.TableFiles;
import io.millrace.batch.compact.upkeep.Upkeep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out a plan: groups are rewritten beside each other and committed one by one, each as soon as it is ready. A group
 * that fails does not keep the others from landing.
 */
final class TableCompaction {
    private static final Logger LOG = LoggerFactory.getLogger(TableCompaction.class);

    private final SparkSession spark;
    private final TablePlan plan;
    private final Table live;

    /**
     * @param live the table once more, to be refreshed and committed to
     */
    TableCompaction(SparkSession spark, TablePlan plan, Table live) {
        this.spark = spark;
        this.plan = plan;
        this.live = live;
    }

    /**
     * Rewrites, commits and tidies up.
     *
     * @param keyColumns the columns to sort by
     * @param parallel groups rewritten at a time
     * @param attempts how often a group's commit is tried
     */
    TableResult run(List<String> keyColumns, long targetFileBytes, int parallel, int attempts, Upkeep upkeep)
            throws InterruptedException {
        long start = System.nanoTime();
        GroupRewriter rewriter = new GroupRewriter(spark, plan.table(), keyColumns, targetFileBytes);
        List<GroupResult> groups = rewriteAll(rewriter, new GroupCommitter(live, attempts), parallel);
        Upkeep.Done done = upkeep.run(spark, live);
        live.refresh();
        TableFiles after = TableFiles.ofNewest(live);
        return new TableResult(
                live.name(),
                groups,
                plan.files().bySize(targetFileBytes),
                after.bySize(targetFileBytes),
                plan.files().deleteFiles(),
                after.deleteFiles(),
                done,
                Duration.ofNanos(System.nanoTime() - start));
    }

    private List<GroupResult> rewriteAll(GroupRewriter rewriter, GroupCommitter committer, int parallel)
            throws InterruptedException {
        List<GroupResult> results = new ArrayList<>();
        ExecutorService workers = Executors.newFixedThreadPool(parallel);
        try {
            ExecutorCompletionService<Rewrite> rewrites = new ExecutorCompletionService<>(workers);
            plan.plan().groups().forEach(group -> rewrites.submit(() -> rewrite(rewriter, group)));
            while (results.size() < plan.plan().groups().size()) {
                results.add(commit(committer, rewrites.take().get()));
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("Cannot rewrite " + live.name(), e.getCause());
        } finally {
            workers.shutdownNow();
        }
        return results;
    }

    private record Rewrite(
            FileGroup group,
            @Nullable RewrittenGroup rewritten,
            @Nullable String failure) {}

    private Rewrite rewrite(GroupRewriter rewriter, FileGroup group) {
        try {
            String id = UUID.randomUUID().toString();
            return new Rewrite(
                    group,
                    rewriter.rewrite(id, plan.files().start(), plan.files().tasksOf(group)),
                    null);
        } catch (Exception e) {
            // Spark throws checked exceptions that its methods do not declare.
            LOG.error("Cannot rewrite a group of {} in {}", group.partition(), live.name(), e);
            return new Rewrite(group, null, String.valueOf(e.getMessage()));
        }
    }

    private GroupResult commit(GroupCommitter committer, Rewrite rewrite) {
        RewrittenGroup rewritten = rewrite.rewritten();
        if (rewritten == null) {
            return new GroupResult(rewrite.group(), null, 0, 0, rewrite.failure());
        }
        List<DataFile> files = rewritten.dataFiles();
        long bytes = files.stream().mapToLong(DataFile::fileSizeInBytes).sum();
        try {
            return new GroupResult(rewrite.group(), committer.commit(rewritten), files.size(), bytes, null);
        } catch (RuntimeException e) {
            LOG.error("Cannot commit a group of {} in {}", rewrite.group().partition(), live.name(), e);
            return new GroupResult(rewrite.group(), null, files.size(), bytes, String.valueOf(e.getMessage()));
        }
    }
}
