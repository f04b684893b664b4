package io.millrace.batch.compact.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * Decides which files of a table are worth rewriting.
 *
 * <p>A file is a candidate if it is small (under three quarters of the target), if it is oversized (over nine fifths of it), or
 * if a reader has deletes to apply to it. A partition in which a row was added or deleted since the cool-down is hot, and left
 * alone: what is merged now would be merged again soon. Two bounds keep a partition that never cools, such as an unpartitioned table's only one, from growing without
 * end: from {@code hotDeleteRatio} on all its files with deletes are candidates, and from {@code hotSmallFiles} on the small
 * files in it that have cooled themselves.
 *
 * <p>Candidates of a partition are cut into groups of at most {@code maxGroupBytes}. A group that would only copy one small
 * file is dropped. Groups are taken by {@linkplain FileGroup#score() score} while they fit into the budget.
 *
 * @param targetFileBytes the size of the files written
 * @param maxGroupBytes the most that one commit replaces, unless a single file is larger
 * @param budgetBytes the most that one run reads
 * @param coolDown for how long nobody must have added or deleted rows of a partition
 * @param hotDeleteRatio the share of deleted rows from which a hot partition is not left alone
 * @param hotSmallFiles the number of small, cooled files from which a hot partition is not left alone
 */
public record CompactionPolicy(
        long targetFileBytes,
        long maxGroupBytes,
        long budgetBytes,
        Duration coolDown,
        double hotDeleteRatio,
        int hotSmallFiles) {

    public static final CompactionPolicy DEFAULT =
            new CompactionPolicy(128L << 20, 1L << 30, 100L << 30, Duration.ofMinutes(15), 0.3, 50);

    private static final Comparator<FileGroup> MOST_REWARDING = Comparator.comparingDouble(FileGroup::score)
            .reversed()
            .thenComparing(FileGroup::partition)
            .thenComparing(group -> group.files().get(0).location());

    public CompactionPolicy {
        if (targetFileBytes <= 0 || budgetBytes <= 0 || hotSmallFiles < 2 || coolDown.isNegative()) {
            throw new IllegalArgumentException(
                    "Cannot plan with a target of " + targetFileBytes + " bytes, a budget of "
                            + budgetBytes + " bytes, a cool-down of " + coolDown + " and " + hotSmallFiles
                            + " small files: sizes must be positive, the cool-down not negative, small files at least 2.");
        }
        maxGroupBytes = Math.max(targetFileBytes, Math.min(maxGroupBytes, budgetBytes));
    }

    /** Plans a run over a table that has the whole budget. */
    public CompactionPlan plan(List<PartitionFacts> partitions, Instant now) {
        return plan(partitions, now, budgetBytes);
    }

    /**
     * Plans a run over one table of several.
     *
     * @param share the table's part of the budget
     */
    public CompactionPlan plan(List<PartitionFacts> partitions, Instant now, long share) {
        List<FileGroup> groups = new ArrayList<>();
        List<String> leftAlone = new ArrayList<>();
        for (PartitionFacts partition : partitions) {
            List<FileGroup> found = groups(partition.label(), candidates(partition, now));
            groups.addAll(found);
            if (found.isEmpty()
                    && !groups(partition.label(), coldCandidates(partition)).isEmpty()) {
                leftAlone.add(partition.label());
            }
        }
        groups.sort(MOST_REWARDING);
        return within(share, groups, leftAlone);
    }

    private static CompactionPlan within(long share, List<FileGroup> groups, List<String> leftAlone) {
        List<FileGroup> taken = new ArrayList<>();
        List<FileGroup> postponed = new ArrayList<>();
        long left = share;
        for (FileGroup group : groups) {
            if (group.bytes() <= left) {
                taken.add(group);
                left -= group.bytes();
            } else {
                postponed.add(group);
            }
        }
        return new CompactionPlan(taken, postponed, leftAlone);
    }

    private List<FileFacts> candidates(PartitionFacts partition, Instant now) {
        Instant cold = now.minus(coolDown);
        if (!partition.lastTouched().isAfter(cold)) {
            return coldCandidates(partition);
        }
        Predicate<FileFacts> cooledAndSmall =
                file -> isSmall(file) && !file.addedAt().isAfter(cold);
        boolean manyDeletes = partition.deleteRatio() >= hotDeleteRatio;
        boolean manySmall = partition.files().stream().filter(cooledAndSmall).count() >= hotSmallFiles;
        return partition.files().stream()
                .filter(file -> (manyDeletes && file.hasDeletes()) || (manySmall && cooledAndSmall.test(file)))
                .toList();
    }

    private List<FileFacts> coldCandidates(PartitionFacts partition) {
        return partition.files().stream()
                .filter(file -> isSmall(file) || isOversized(file) || file.hasDeletes())
                .toList();
    }

    private boolean isOversized(FileFacts file) {
        return file.bytes() > targetFileBytes / 5 * 9;
    }

    private boolean isSmall(FileFacts file) {
        return file.bytes() < targetFileBytes / 4 * 3;
    }

    private List<FileGroup> groups(String partition, List<FileFacts> candidates) {
        List<FileFacts> inOrder = new ArrayList<>(candidates);
        inOrder.sort(Comparator.comparing(FileFacts::addedAt).thenComparing(FileFacts::location));
        List<FileGroup> groups = new ArrayList<>();
        List<FileFacts> open = new ArrayList<>();
        long bytes = 0;
        for (FileFacts file : inOrder) {
            if (!open.isEmpty() && bytes + file.bytes() > maxGroupBytes) {
                close(partition, open, groups);
                bytes = 0;
            }
            open.add(file);
            bytes += file.bytes();
        }
        close(partition, open, groups);
        return groups;
    }

    private void close(String partition, List<FileFacts> open, List<FileGroup> groups) {
        if (open.size() > 1 || open.stream().anyMatch(file -> file.hasDeletes() || isOversized(file))) {
            groups.add(FileGroup.of(partition, open, targetFileBytes));
        }
        open.clear();
    }
}
