package io.millrace.capture.offset;

import io.millrace.capture.encode.SnapshotOrder.SnapshotLsn;
import io.millrace.capture.storage.ObjectStore;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a capture's state in one object, replaced as a whole. Safe for use by several threads.
 *
 * <p>The snapshot's LSN becomes durable with the next offsets. That is early enough: until then a restart goes back to the
 * offsets before, and so to before the changes that needed it.
 */
public final class StateJournal implements SnapshotLsn {
    private final ObjectStore store;
    private final String name;
    private final int snapshots;
    private final AtomicLong snapshotLsn;
    private Map<String, String> offsets;
    private Map<String, TableShape> shapes;

    private StateJournal(ObjectStore store, String name, CaptureState state) {
        this.store = store;
        this.name = name;
        this.snapshots = state.snapshots();
        this.snapshotLsn = new AtomicLong(state.snapshotLsn());
        this.offsets = state.offsets();
        this.shapes = state.shapes();
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

    private void write(Map<String, String> newOffsets, Map<String, TableShape> newShapes) {
        store.write(
                name,
                new CaptureState(1, snapshotLsn.get(), snapshots, newShapes.keySet(), newOffsets, newShapes).toJson());
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
