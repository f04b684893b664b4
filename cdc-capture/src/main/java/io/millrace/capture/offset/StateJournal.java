package io.millrace.capture.offset;

import io.millrace.capture.encode.BinlogOrder;
import io.millrace.capture.encode.SnapshotOrder.SnapshotLsn;
import io.millrace.capture.storage.ObjectStore;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a capture's state in one object, replaced as a whole. Safe for use by several threads.
 *
 * <p>The snapshot's LSN becomes durable with the next offsets. That is early enough: until then a restart goes back to the
 * offsets before, and so to before the changes that needed it.
 */
public final class StateJournal implements SnapshotLsn, BinlogOrder.Logs {
    private final ObjectStore store;
    private final String name;
    private final int snapshots;
    private final AtomicLong snapshotLsn;
    private Map<String, String> offsets;
    private Map<String, TableShape> shapes;
    /** Tables to be read again, each with how often it was noted. */
    private final Map<String, Integer> unread = new HashMap<>();

    private volatile BinlogLogs logs;
    private Runnable before = () -> {};

    private StateJournal(ObjectStore store, String name, CaptureState state) {
        this.store = store;
        this.name = name;
        this.snapshots = state.snapshots();
        this.snapshotLsn = new AtomicLong(state.snapshotLsn());
        this.offsets = state.offsets();
        this.shapes = state.shapes();
        this.logs = state.logs();
        state.unread().forEach(table -> unread.put(table, 1));
    }

    /** The state that an earlier run left behind; null if there was none. */
    public static @Nullable CaptureState read(ObjectStore store, String name) {
        byte[] json = store.read(name);
        return json == null ? null : CaptureState.fromJson(json);
    }

    /** Goes on from a state. */
    public static StateJournal from(ObjectStore store, String name, CaptureState state) {
        return new StateJournal(store, name, state);
    }

    /** Starts over for a new snapshot: forgets the offsets and counts the snapshot, durably. */
    public static StateJournal startOver(
            ObjectStore store, String name, @Nullable CaptureState before, Map<String, TableShape> shapes) {
        StateJournal journal = new StateJournal(store, name, CaptureState.atSnapshot(before, shapes));
        journal.writeOffsets(Map.of());
        return journal;
    }

    /** Debezium's offsets as last written. */
    public synchronized Map<String, String> offsets() {
        return offsets;
    }

    /** Replaces Debezium's offsets, durably when this returns. */
    public synchronized void writeOffsets(Map<String, String> offsets) {
        write(offsets, shapes);
        this.offsets = Map.copyOf(offsets);
    }

    /** The shapes of the tables as last written. */
    public synchronized Map<String, TableShape> shapes() {
        return shapes;
    }

    /** Replaces the shapes of the tables, durably when this returns. */
    public synchronized void writeShapes(Map<String, TableShape> shapes) {
        write(offsets, shapes);
        this.shapes = Map.copyOf(shapes);
    }

    /**
     * Notes the shape that a table has from now on, and whether its rows are to be read again for it. Becomes durable with the
     * next offsets: until then a restart goes back to before what was noted.
     */
    public synchronized void note(String table, TableShape shape, boolean readAgain) {
        Map<String, TableShape> next = new HashMap<>(shapes);
        next.put(table, shape);
        shapes = Map.copyOf(next);
        if (readAgain) {
            unread.merge(table, 1, Integer::sum);
        }
    }

    /** Notes that a table is gone; likewise. */
    public synchronized void forget(String table) {
        Map<String, TableShape> next = new HashMap<>(shapes);
        next.remove(table);
        shapes = Map.copyOf(next);
        unread.remove(table);
    }

    /** The tables whose rows are to be read again, each with how often it was noted. */
    public synchronized Map<String, Integer> unread() {
        return Map.copyOf(unread);
    }

    /**
     * The rows of tables are on the stream, durably when this returns.
     *
     * @param tables as {@link #unread} gave them before the reading began; one that was noted since is still to be read
     */
    public synchronized void read(Map<String, Integer> tables) {
        tables.forEach((table, times) -> unread.remove(table, times));
        write(offsets, shapes);
    }

    /** Has something made durable before each write of offsets that may rely on it. */
    public synchronized void precededBy(Runnable first) {
        before = first;
    }

    /** How many snapshots of this source were begun. */
    public int snapshots() {
        return snapshots;
    }

    /** How the source's binary logs are numbered. */
    public BinlogLogs logs() {
        return logs;
    }

    /** Replaces the numbering, durably when this returns. */
    public synchronized void writeLogs(BinlogLogs next) {
        logs = next;
        write(offsets, shapes);
    }

    @Override
    public long base() {
        return logs.base();
    }

    @Override
    public synchronized void reserve(long log) {
        BinlogLogs next = logs.reserving(log);
        if (next != logs) {
            writeLogs(next);
        }
    }

    private void write(Map<String, String> newOffsets, Map<String, TableShape> newShapes) {
        before.run();
        store.write(
                name,
                new CaptureState(
                                1,
                                snapshotLsn.get(),
                                snapshots,
                                newShapes.keySet(),
                                newOffsets,
                                newShapes,
                                unread.keySet(),
                                logs)
                        .toJson());
    }

    /** Answers at once, also while offsets are being written. */
    @Override
    public long value() {
        return snapshotLsn.get();
    }

    @Override
    public boolean repeated() {
        return snapshots > 1;
    }

    @Override
    public void raise(long lsn) {
        snapshotLsn.set(lsn);
    }
}
