package io.millrace.stream.accounting;

import java.util.List;

/**
 * The event times of some changes that a checkpoint holds for a table: the earliest, and others picked evenly.
 *
 * @param table the source table's full name
 * @param target the name of the table that they are written to
 * @param checkpoint the checkpoint
 * @param eventMillis the event times
 */
public record CommitSample(String table, String target, long checkpoint, List<Long> eventMillis) {

    public CommitSample {
        eventMillis = List.copyOf(eventMillis);
    }
}
