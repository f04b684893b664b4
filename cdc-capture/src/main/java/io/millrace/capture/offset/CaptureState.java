package io.millrace.capture.offset;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All that a capture has to remember, kept as one JSON object so that it changes as a whole.
 *
 * @param version the shape of the object; 1
 * @param snapshotLsn the highest LSN that a snapshot of this source was taken at, unsigned; 0 before any
 * @param snapshots how many snapshots of this source were begun
 * @param tables the tables that the snapshot and the stream cover, such as {@code public.shipments}
 * @param offsets Debezium's offsets: its key in JSON, its value in JSON
 * @param shapes the shape of each table in which its rows are on the stream, or will be by the stream alone
 * @param unread tables whose rows are yet to be read again
 * @param logs of a source with binary logs, how they are numbered
 */
public record CaptureState(
        int version,
        long snapshotLsn,
        int snapshots,
        Set<String> tables,
        Map<String, String> offsets,
        Map<String, TableShape> shapes,
        Set<String> unread,
        BinlogLogs logs) {
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    public CaptureState {
        tables = Set.copyOf(tables);
        offsets = Map.copyOf(offsets);
        shapes = Map.copyOf(shapes);
        unread = Set.copyOf(unread);
    }

    /** The state of a source whose tables are all read, and which has no binary logs. */
    public CaptureState(
            int version,
            long snapshotLsn,
            int snapshots,
            Set<String> tables,
            Map<String, String> offsets,
            Map<String, TableShape> shapes) {
        this(version, snapshotLsn, snapshots, tables, offsets, shapes, Set.of(), BinlogLogs.NONE);
    }

    /** Reads a state, also of a release that did not remember shapes and did not count snapshots: there was one at least. */
    @JsonCreator
    static CaptureState read(
            @JsonProperty("version") int version,
            @JsonProperty("snapshotLsn") long snapshotLsn,
            @JsonProperty("snapshots") int snapshots,
            @JsonProperty("tables") Set<String> tables,
            @JsonProperty("offsets") Map<String, String> offsets,
            @JsonProperty("shapes") @Nullable Map<String, TableShape> shapes,
            @JsonProperty("unread") @Nullable Set<String> unread,
            @JsonProperty("logs") @Nullable BinlogLogs logs) {
        return new CaptureState(
                version,
                snapshotLsn,
                Math.max(snapshots, 1),
                tables,
                offsets,
                shapes == null ? Map.of() : shapes,
                unread == null ? Set.of() : unread,
                logs == null ? BinlogLogs.NONE : logs);
    }

    /**
     * The state at the beginning of a snapshot. Positions must still grow, so what earlier snapshots were taken at stays.
     *
     * @param before the state that an earlier run left behind; null if there was none
     */
    public static CaptureState atSnapshot(@Nullable CaptureState before, Map<String, TableShape> shapes) {
        return before == null
                ? new CaptureState(1, 0, 1, shapes.keySet(), Map.of(), shapes)
                : new CaptureState(
                        1,
                        before.snapshotLsn,
                        before.snapshots + 1,
                        shapes.keySet(),
                        Map.of(),
                        shapes,
                        Set.of(),
                        before.logs);
    }

    /**
     * This state with offsets that go on from where its unfinished snapshot was taken.
     *
     * @param shapes the tables of which the rows are known to be on the stream, or unread
     * @param unread tables whose rows are yet to be read again
     */
    public CaptureState besideChanges(Map<String, TableShape> shapes, Set<String> unread) {
        Map<String, String> after = new TreeMap<>();
        offsets.forEach((key, offset) -> after.put(key, ResumePlan.afterSnapshot(offset)));
        return new CaptureState(version, snapshotLsn, snapshots, shapes.keySet(), after, shapes, unread, logs);
    }

    /** Reads what {@link #toJson()} wrote. */
    public static CaptureState fromJson(byte[] json) {
        try {
            return JSON.readValue(json, CaptureState.class);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the capture's state: " + e.getMessage(), e);
        }
    }

    public byte[] toJson() {
        try {
            return JSON.writeValueAsBytes(new CaptureState(
                    version,
                    snapshotLsn,
                    snapshots,
                    new TreeSet<>(tables),
                    new TreeMap<>(offsets),
                    new TreeMap<>(shapes),
                    new TreeSet<>(unread),
                    logs));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the capture's state", e);
        }
    }
}
