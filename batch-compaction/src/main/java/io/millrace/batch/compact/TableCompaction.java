package io.millrace.batch.compact;

import io.millrace.batch.compact.TableResult.GroupResult;
import io.millrace.batch.compact.policy.Census;
import io.millrace.batch.compact.policy.FileGroup;
import io.millrace.batch.compact.rewrite.CommitOutcome;
import io.millrace.batch.compact.rewrite.GroupCommitter;
import io.millrace.batch.compact.rewrite.GroupRewriter;
import io.millrace.batch.compact.rewrite.RewrittenGroup;
import io.millrace.batch.compact.rewrite.RunMarker;
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
import java.util.function.Consumer;
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
     * @param upkeep what is tidied up
     * @param progress told of each group when it has ended
     */
    TableResult run(List<String> keyColumns, CompactOptions options, Upkeep upkeep, Consumer<GroupResult> progress)
            throws InterruptedException {
        long start = System.nanoTime();
        long abandoned = upkeep.clearAbandonedRuns(spark, live);
        GroupRewriter rewriter = new GroupRewriter(spark, plan.table(), keyColumns, options.targetFileSize);
        List<GroupResult> groups = plan.plan().groups().isEmpty()
                ? List.of()
                : rewriteAll(rewriter, options.parallel, options.attempts, progress);
        Upkeep.Done done = upkeep.run(spark, live);
        live.refresh();
        return new TableResult(
                live.name(),
                groups,
                plan.census(options.targetFileSize),
                Census.of(TableFiles.ofNewest(live).partitions(), options.targetFileSize),
                abandoned,
                done,
                since(start));
    }

    private List<GroupResult> rewriteAll(
            GroupRewriter rewriter, int parallel, int attempts, Consumer<GroupResult> progress)
            throws InterruptedException {
        List<GroupResult> results = new ArrayList<>();
        String runId = UUID.randomUUID().toString();
        ExecutorService workers = Executors.newFixedThreadPool(parallel);
        try (RunMarker marker = RunMarker.set(plan.table(), runId)) {
            GroupCommitter committer = new GroupCommitter(live, attempts, marker::isAlive);
            ExecutorCompletionService<Rewrite> rewrites = new ExecutorCompletionService<>(workers);
            int number = 0;
            for (FileGroup group : plan.plan().groups()) {
                String id = runId + "-" + number++;
                rewrites.submit(() -> rewrite(rewriter, id, group));
            }
            while (results.size() < number) {
                GroupResult result = commit(committer, rewrites.take().get());
                results.add(result);
                progress.accept(result);
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
            long start,
            @Nullable RewrittenGroup rewritten,
            @Nullable String failure) {}

    private Rewrite rewrite(GroupRewriter rewriter, String id, FileGroup group) {
        long start = System.nanoTime();
        try {
            return new Rewrite(
                    group,
                    start,
                    rewriter.rewrite(id, plan.files().start(), plan.files().tasksOf(group), group.rowsAfter()),
                    null);
        } catch (Exception e) {
            // Spark throws checked exceptions that its methods do not declare.
            LOG.error("Cannot rewrite a group of {} in {}", group.partition(), live.name(), e);
            return new Rewrite(group, start, null, String.valueOf(e.getMessage()));
        }
    }

    private GroupResult commit(GroupCommitter committer, Rewrite rewrite) {
        RewrittenGroup rewritten = rewrite.rewritten();
        if (rewritten == null) {
            return new GroupResult(rewrite.group(), null, 0, 0, since(rewrite.start()), rewrite.failure());
        }
        List<DataFile> files = rewritten.dataFiles();
        long bytes = files.stream().mapToLong(DataFile::fileSizeInBytes).sum();
        CommitOutcome outcome = null;
        String failure = null;
        try {
            outcome = committer.commit(rewritten);
        } catch (RuntimeException e) {
            LOG.error("Cannot commit a group of {} in {}", rewrite.group().partition(), live.name(), e);
            failure = String.valueOf(e.getMessage());
        }
        return new GroupResult(rewrite.group(), outcome, files.size(), bytes, since(rewrite.start()), failure);
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
