package io.millrace.local.demo.progress;

import io.millrace.local.demo.freshness.Percentiles;
import java.time.Duration;
import java.util.List;

/**
 * How far everything is at one moment.
 *
 * @param phase what is going on, such as {@code workload}
 * @param elapsed since the phase began
 * @param total how long the phase will take; zero if nobody knows
 * @param committed row changes that the workload has committed
 * @param tables each table
 * @param opensearch how fresh the indexes were lately
 * @param iceberg how fresh the Iceberg tables were lately
 */
public record Figures(
        String phase,
        Duration elapsed,
        Duration total,
        long committed,
        List<TableFigures> tables,
        Percentiles opensearch,
        Percentiles iceberg) {

    /**
     * How far a table is.
     *
     * @param table its name
     * @param captured changes on the stream, those of the first snapshot among them
     * @param searchable versions of rows that searches have seen
     * @param inIceberg versions of rows that Iceberg snapshots have shown
     */
    public record TableFigures(String table, long captured, long searchable, long inIceberg) {}

    /** Of all tables. */
    public TableFigures sum() {
        return new TableFigures(
                "all",
                tables.stream().mapToLong(TableFigures::captured).sum(),
                tables.stream().mapToLong(TableFigures::searchable).sum(),
                tables.stream().mapToLong(TableFigures::inIceberg).sum());
    }
}
