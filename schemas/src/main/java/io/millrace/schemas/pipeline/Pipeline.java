package io.millrace.schemas.pipeline;

import io.millrace.schemas.mask.KeySource;
import java.io.Serializable;
import java.util.List;

/**
 * What a pipeline file says: what flows, from where, how it is keyed, and where it goes.
 *
 * @param name names the pipeline in snapshots, slots, indexes and metrics; lower case letters, digits and hyphens
 * @param sources the databases, or streams of change events, that feed the pipeline; at least one
 * @param eventTime how time is read off the events
 * @param sequencing how long the sequence step remembers
 * @param checkpoints how often the job's state is made durable, and with it Iceberg commits
 * @param tables the tables that flow; at least one
 * @param connections the servers at both ends
 * @param masking where the key of masks and raw dead letters is
 * @param ingestionMinutes whether what came in is written by minute, also where no rule asks for it
 */
public record Pipeline(
        String name,
        List<Source> sources,
        EventTime eventTime,
        Sequencing sequencing,
        Checkpoints checkpoints,
        List<TableRoute> tables,
        Connections connections,
        KeySource masking,
        boolean ingestionMinutes)
        implements Serializable {

    /** A pipeline that writes no minutes unless a rule asks for it. */
    public Pipeline(
            String name,
            List<Source> sources,
            EventTime eventTime,
            Sequencing sequencing,
            Checkpoints checkpoints,
            List<TableRoute> tables,
            Connections connections,
            KeySource masking) {
        this(name, sources, eventTime, sequencing, checkpoints, tables, connections, masking, false);
    }

    /** Whether what came in is counted by minute: the file says so, or a table has a rule about it. */
    public boolean countsMinutes() {
        return ingestionMinutes
                || tables.stream()
                        .anyMatch(table ->
                                !table.quality().rules(Rule.Volume.class).isEmpty());
    }

    /** Finds the routes of tables, also of those that match a pattern. */
    public TableRoutes routes() {
        return new TableRoutes(tables);
    }

    /**
     * The routes of one source's tables.
     *
     * @param source a {@link Source#name()}
     */
    public List<TableRoute> tablesOf(String source) {
        return tables.stream()
                .filter(table -> table.table().source().equals(source))
                .toList();
    }
}
