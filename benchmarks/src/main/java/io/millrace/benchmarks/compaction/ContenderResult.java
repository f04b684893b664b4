package io.millrace.benchmarks.compaction;

import java.util.List;

/**
 * A compaction beside the stream.
 *
 * @param contender whose
 * @param runs its runs, one after the other
 * @param coldDays the files of the days that nobody writes to, after the first run
 * @param stream what the stream did meanwhile
 * @param differences rows that were not as the source says, in the end
 */
record ContenderResult(
        Contender contender,
        List<CompactionRun> runs,
        TableCheck.Layout coldDays,
        StreamResult stream,
        long differences) {}
