package io.millrace.stream.sequence;

import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.event.Operation;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowChange;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.event.RowSchema;
import io.millrace.schemas.event.SourcePosition;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.event.Unavailable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A source table with two text columns that behaves like PostgreSQL: it makes random changes of a few keys, leaves out
 * unchanged large values that it has moved out of the row, and knows what the table holds at the end.
 */
public final class History {
    private static final TableId TABLE = new TableId("shop", "public", "orders");
    private static final RowSchema SCHEMA = new RowSchema(List.of(
            new Column("id", Primitive.INT64, false),
            new Column("name", Primitive.STRING, true),
            new Column("notes", Primitive.STRING, true)));
    private static final int TOAST_THRESHOLD = 2000;

    private final Random random;
    private final Map<RowKey, Row> table = new HashMap<>();
    private final Map<RowKey, Boolean> movedOut = new HashMap<>();
    private final List<ChangeEvent> changes = new ArrayList<>();
    private long lsn = 1000;
    private long lastCommit = 1000;

    public History(long seed) {
        this.random = new Random(seed);
    }

    /** Makes a number of changes on a number of keys. */
    public History run(int count, int keys) {
        for (int i = 0; i < count; i++) {
            change(1 + random.nextInt(keys));
            if (random.nextInt(3) == 0) {
                lastCommit = lsn;
            }
        }
        return this;
    }

    /** Empties the table, which gives no change of any row; the result is where that stands. */
    public SourcePosition truncate() {
        lsn += 1 + random.nextInt(500);
        table.clear();
        movedOut.clear();
        return position();
    }

    private void change(long id) {
        lsn += 1 + random.nextInt(500);
        RowKey key = RowKey.of(TABLE, List.of(Long.toString(id)));
        Row before = table.get(key);
        if (before == null) {
            String notes = random.nextInt(3) == 0 ? "n".repeat(1000 + random.nextInt(2000)) : text();
            put(key, Operation.INSERT, new @Nullable Object[] {id, text(), notes}, false);
        } else if (random.nextInt(4) == 0) {
            table.remove(key);
            movedOut.remove(key);
            changes.add(new ChangeEvent(TABLE, key, Operation.DELETE, null, null, position(), lsn));
        } else if (random.nextInt(3) == 0) {
            String notes = random.nextInt(3) == 0 ? "m".repeat(1000 + random.nextInt(2000)) : text();
            put(key, Operation.UPDATE, new @Nullable Object[] {id, before.value(1), notes}, false);
        } else {
            put(
                    key,
                    Operation.UPDATE,
                    new @Nullable Object[] {id, text(), before.value(2)},
                    movedOut.getOrDefault(key, false));
        }
    }

    private void put(RowKey key, Operation operation, @Nullable Object[] values, boolean leaveOutNotes) {
        table.put(key, new Row(SCHEMA, values));
        @Nullable Object[] sent = values.clone();
        if (leaveOutNotes) {
            sent[2] = Unavailable.INSTANCE;
        } else {
            String notes = (String) values[2];
            movedOut.put(key, notes != null && notes.length() > TOAST_THRESHOLD);
        }
        changes.add(new ChangeEvent(TABLE, key, operation, null, new Row(SCHEMA, sent), position(), lsn));
    }

    private SourcePosition position() {
        return new SourcePosition(lastCommit, lsn);
    }

    private @Nullable String text() {
        return random.nextInt(10) == 0 ? null : "text " + random.nextInt(1_000_000);
    }

    /** The changes in the order in which the source made them. */
    public List<ChangeEvent> changes() {
        return changes;
    }

    /**
     * The changes as an at-least-once transport may deliver them: some twice, and again and again a stretch of the stream
     * from earlier on, as after a restart. The first delivery of every change is in order.
     */
    public List<ChangeEvent> delivered() {
        List<ChangeEvent> delivered = new ArrayList<>();
        for (int i = 0; i < changes.size(); i++) {
            delivered.add(changes.get(i));
            int accident = random.nextInt(20);
            if (accident == 0) {
                delivered.add(changes.get(i));
            } else if (accident == 1) {
                delivered.addAll(changes.subList(Math.max(0, i - random.nextInt(30)), i + 1));
            } else if (accident == 2) {
                delivered.add(changes.get(random.nextInt(i + 1)));
            }
        }
        return delivered;
    }

    /** What the table holds at the end. */
    public Map<RowKey, Row> table() {
        return table;
    }

    /** What a target holds that applies every change as it comes, and checks that versions grow. */
    public static final class Target {
        private final Map<RowKey, Row> rows = new HashMap<>();
        private final Map<RowKey, Long> versions = new HashMap<>();

        public void apply(RowChange change) {
            Long last = versions.put(change.key(), change.version());
            if (last != null && last >= change.version()) {
                throw new AssertionError("version " + change.version() + " of " + change.key() + " after " + last);
            }
            if (change instanceof RowChange.Upsert upsert) {
                if (upsert.row().hasUnavailable()) {
                    throw new AssertionError("an incomplete row of " + change.key());
                }
                rows.put(change.key(), upsert.row());
            } else {
                rows.remove(change.key());
            }
        }

        public Map<RowKey, Row> rows() {
            return rows;
        }
    }
}
