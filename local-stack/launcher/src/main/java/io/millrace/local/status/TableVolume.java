package io.millrace.local.status;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How much comes of a table that has a rule about it.
 *
 * @param verdict what the last minute was, compared with those before it
 * @param changesPerMinute its changes
 * @param usualChangesPerMinute what the minutes before it had on average
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record TableVolume(Verdict verdict, long changesPerMinute, long usualChangesPerMinute) {

    /** What a minute was. */
    public enum Verdict {
        USUAL("usual"),
        TOO_FEW("too few"),
        TOO_MANY("too many");

        private final String text;

        Verdict(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** The volumes of all watched tables, by source, by table. */
    static Map<String, Map<String, TableVolume>> of(List<TableMetric> metrics) {
        Map<String, Map<String, TableVolume>> volumes = new TreeMap<>();
        for (TableMetric volume : metrics) {
            if (volume.name().equals("volume")) {
                volumes.computeIfAbsent(volume.source(), source -> new TreeMap<>())
                        .put(
                                volume.table(),
                                new TableVolume(
                                        volume.sum() < 0
                                                ? Verdict.TOO_FEW
                                                : volume.sum() > 0 ? Verdict.TOO_MANY : Verdict.USUAL,
                                        value(metrics, volume, "changes_per_minute"),
                                        value(metrics, volume, "usual_changes_per_minute")));
            }
        }
        return volumes;
    }

    private static long value(List<TableMetric> metrics, TableMetric of, String name) {
        return metrics.stream()
                .filter(metric -> metric.name().equals(name)
                        && metric.source().equals(of.source())
                        && metric.table().equals(of.table()))
                .mapToLong(TableMetric::sum)
                .sum();
    }
}
