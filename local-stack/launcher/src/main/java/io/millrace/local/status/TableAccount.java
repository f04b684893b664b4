package io.millrace.local.status;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Set;

/**
 * What became of the changes of a table. A record that holds none, or cannot be read, counts as one.
 *
 * @param received came in
 * @param applied went on to the targets
 * @param superseded came after a newer one of their row
 * @param duplicate had been applied before
 * @param deadLettered were refused
 * @param control hold no row's change
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record TableAccount(
        long received, long applied, long superseded, long duplicate, long deadLettered, long control) {

    private static final Set<String> ENTRIES =
            Set.of("received", "applied", "superseded", "duplicate", "dead_lettered", "control");

    static final TableAccount NONE = new TableAccount(0, 0, 0, 0, 0, 0);

    /** What has been received and not been dealt with yet. */
    @JsonIgnore
    public long underWay() {
        return received - applied - superseded - duplicate - deadLettered - control;
    }

    TableAccount plus(TableAccount other) {
        return new TableAccount(
                received + other.received,
                applied + other.applied,
                superseded + other.superseded,
                duplicate + other.duplicate,
                deadLettered + other.deadLettered,
                control + other.control);
    }

    /** Whether a metric of this name is one of the books'. */
    static boolean isEntry(String metric) {
        return ENTRIES.contains(metric);
    }

    /** As if this many more units had been entered; unknown entries are left out. */
    TableAccount plus(String entry, long units) {
        return switch (entry) {
            case "received" -> plus(new TableAccount(units, 0, 0, 0, 0, 0));
            case "applied" -> plus(new TableAccount(0, units, 0, 0, 0, 0));
            case "superseded" -> plus(new TableAccount(0, 0, units, 0, 0, 0));
            case "duplicate" -> plus(new TableAccount(0, 0, 0, units, 0, 0));
            case "dead_lettered" -> plus(new TableAccount(0, 0, 0, 0, units, 0));
            case "control" -> plus(new TableAccount(0, 0, 0, 0, 0, units));
            default -> this;
        };
    }
}
