package io.millrace.batch.raw;

import io.millrace.batch.raw.infer.ColumnChange;
import io.millrace.batch.raw.infer.TableColumn;
import io.millrace.batch.raw.write.LoadCounts;
import io.millrace.schemas.pipeline.LandingZone;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What became of a landing zone, filled in while its load goes on. */
final class ZoneResult {
    final LandingZone zone;
    final Set<ColumnChange> changes = new LinkedHashSet<>();
    final Set<ColumnChange> proposals = new LinkedHashSet<>();
    final Map<String, String> waiting = new TreeMap<>();
    final Map<String, String> unreadable = new TreeMap<>();
    final List<String> changed = new ArrayList<>();

    /** The columns that would be accepted if everything were approved. */
    List<TableColumn> columns = List.of();

    LoadCounts counts = LoadCounts.NONE;
    int listed;
    int known;
    int young;
    int loaded;
    int loads;
    double seconds;

    ZoneResult(LandingZone zone) {
        this.zone = zone;
    }

    /** Whether there is something that the job cannot decide. */
    boolean needsAttention() {
        return !proposals.isEmpty() || !waiting.isEmpty() || !unreadable.isEmpty() || !changed.isEmpty();
    }
}
