package io.millrace.batch.compact.policy;

import java.util.List;

/**
 * What a run does, and what it does not.
 *
 * @param groups the groups to rewrite, the most rewarding first
 * @param postponed groups that the run's budget of bytes has no room for, the most rewarding first
 * @param leftAlone partitions that would have something to gain, but are being written to
 */
public record CompactionPlan(List<FileGroup> groups, List<FileGroup> postponed, List<String> leftAlone) {

    public CompactionPlan {
        groups = List.copyOf(groups);
        postponed = List.copyOf(postponed);
        leftAlone = List.copyOf(leftAlone);
    }
}
