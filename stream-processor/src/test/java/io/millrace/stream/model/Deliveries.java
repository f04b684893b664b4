package io.millrace.stream.model;

import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.event.Operation;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.event.RowSchema;
import io.millrace.schemas.event.SourcePosition;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.pipeline.Checkpoints;
import io.millrace.schemas.pipeline.EventTime;
import io.millrace.schemas.pipeline.Lateness;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.schemas.pipeline.Quality;
import io.millrace.schemas.pipeline.Rule;
import io.millrace.schemas.pipeline.Sequencing;
import io.millrace.schemas.pipeline.TableRoute;
import io.millrace.stream.TestPipelines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Makes the history of a database, and what a bad transport makes of it: 10 % of the changes come twice or more, 20 % out of
 * order within and across two shards, some hours late, some with a clock that is wrong; rows are deleted and come back under
 * their key; some rows break a rule; a snapshot is taken while changes flow; between the changes there are control records and
 * garbage.
 *
 * <p>Three tables: {@code orders} with positions; {@code events} without; {@code audit} with positions, whose late changes
 * are applied, and whose broken rules are reported only.
 */
public final class Deliveries {
    public static final TableId ORDERS = new TableId("shop", "public", "orders");
    public static final TableId EVENTS = new TableId("shop", "public", "events");
    public static final TableId AUDIT = new TableId("shop", "public", "audit");

    static final long MINUTE = 60_000;
    static final Duration ALLOWED = Duration.ofMinutes(30);
    public static final EventTime EVENT_TIME = new EventTime(
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            Duration.ofMinutes(5),
            new Lateness(ALLOWED, Lateness.Policy.DEAD_LETTER),
            Map.of(AUDIT.toString(), new Lateness(ALLOWED, Lateness.Policy.APPLY)));
    static final Sequencing SEQUENCING = new Sequencing(Duration.ofMinutes(10), Duration.ofDays(2));

    public static final RowSchema SCHEMA = new RowSchema(
            List.of(new Column("id", Primitive.INT64, false), new Column("text", Primitive.STRING, true)));

    /** Begins the texts that break the rule. */
    private static final String BROKEN = "broken ";

    /** Long ago, so that everything may still become late. */
    private static final long START_MILLIS = 1_700_000_000_000L;

    private final Random random;
    private final boolean timeMatters;
    private final List<Planned> planned = new ArrayList<>();
    private final Map<RowKey, Row> rows = new HashMap<>();
    private long now = START_MILLIS;
    private long lsn = 1_000_000;
    private long snapshotLsn = 1_000_000;

    private record Planned(
            long deliverMillis,
            Delivery.Kind kind,
            @Nullable ChangeEvent change) {}

    /**
     * A history.
     *
     * @param timeMatters whether changes may come hours late, or so that they just fall out of the deduplication window, and
     *     days may pass in which tombstones expire; without it the outcome does not depend on when watermarks come
     */
    public Deliveries(long seed, boolean timeMatters) {
        this.random = new Random(seed);
        this.timeMatters = timeMatters;
    }

    /** A pipeline with the time that these histories are made for. */
    static Pipeline pipeline(String storage) {
        return pipeline(storage, false);
    }

    /** The same, which may count minutes. */
    static Pipeline pipeline(String storage, boolean countMinutes) {
        Pipeline orders = TestPipelines.orders(storage);
        return new Pipeline(
                orders.name(),
                orders.sources(),
                EVENT_TIME,
                SEQUENCING,
                new Checkpoints(Duration.ofMillis(50), Duration.ZERO),
                List.of(
                        route(ORDERS, Rule.Action.DEAD_LETTER),
                        route(EVENTS, Rule.Action.DEAD_LETTER),
                        route(AUDIT, Rule.Action.REPORT)),
                orders.connections(),
                orders.masking(),
                countMinutes);
    }

    private static TableRoute route(TableId table, Rule.Action action) {
        return new TableRoute(
                table,
                List.of("id"),
                Map.of(),
                null,
                null,
                Map.of(),
                new Quality(Map.of(), List.of(new Rule.Matches("text", "[^b].*", action))));
    }

    /** Whether a change breaks its table's rule. */
    static boolean breaksRule(ChangeEvent change) {
        Row after = change.after();
        return after != null && String.valueOf(after.value(1)).startsWith(BROKEN);
    }

    /** Makes a number of changes of a number of keys in each table. */
    public List<Delivery> make(int changes, int keys) {
        for (int i = 0; i < changes; i++) {
            now += 1 + random.nextInt(4000);
            if (timeMatters && random.nextInt(changes / 2) == 0) {
                now += Duration.ofDays(3).toMillis();
            }
            if (random.nextInt(changes / 2) == 0) {
                takeSnapshot();
            }
            change(random.nextInt(3), random.nextInt(keys));
            if (random.nextInt(50) == 0) {
                plan(0, Delivery.Kind.CONTROL, null);
            }
            if (random.nextInt(40) == 0) {
                plan(0, Delivery.Kind.GARBAGE, null);
            }
        }
        return inOrderOfDelivery();
    }

    private void change(int kind, long id) {
        TableId table = kind == 0 ? ORDERS : kind == 1 ? EVENTS : AUDIT;
        RowKey key = RowKey.of(table, List.of(Long.toString(id)));
        lsn += 1 + random.nextInt(500);
        SourcePosition position = table.equals(EVENTS) ? null : new SourcePosition(snapshotLsn, lsn);
        Operation operation;
        Row row = null;
        if (!rows.containsKey(key)) {
            operation = Operation.INSERT;
        } else {
            operation = random.nextInt(4) == 0 ? Operation.DELETE : Operation.UPDATE;
        }
        if (operation == Operation.DELETE) {
            rows.remove(key);
        } else {
            String text = (random.nextInt(25) == 0 ? BROKEN : "text ") + random.nextInt(1_000_000);
            row = new Row(SCHEMA, new Object[] {id, text});
            rows.put(key, row);
        }
        // A wrong clock now and then, a day ahead.
        long time = random.nextInt(300) == 0 ? now + Duration.ofDays(1).toMillis() : now;
        deliver(new ChangeEvent(table, key, operation, null, row, position, time * 1000));
    }

    /** Rows as they are, at a place behind everything before; only where positions tell that place. */
    private void takeSnapshot() {
        snapshotLsn = ++lsn;
        rows.forEach((key, row) -> {
            if (!key.table().equals(EVENTS.toString()) && random.nextInt(4) == 0) {
                TableId table = key.table().equals(ORDERS.toString()) ? ORDERS : AUDIT;
                deliver(new ChangeEvent(
                        table, key, Operation.SNAPSHOT, null, row, new SourcePosition(snapshotLsn, 0), now * 1000));
            }
        });
    }

    private void deliver(ChangeEvent change) {
        plan(delay(), Delivery.Kind.CHANGE, change);
        while (random.nextInt(10) == 0) {
            plan(timeMatters && random.nextInt(4) == 0 ? longDelay() : delay(), Delivery.Kind.CHANGE, change);
        }
    }

    private long delay() {
        int dice = random.nextInt(100);
        if (timeMatters && dice < 2) {
            return longDelay();
        }
        return dice < 22 ? random.nextInt(60_000) : 0;
    }

    private long longDelay() {
        return random.nextBoolean()
                ? ALLOWED.toMillis() + 5 * MINUTE + random.nextInt(60 * 60_000)
                : 15 * MINUTE + random.nextInt(10 * 60_000);
    }

    private void plan(long delay, Delivery.Kind kind, @Nullable ChangeEvent change) {
        planned.add(new Planned(now + delay, kind, change));
    }

    private List<Delivery> inOrderOfDelivery() {
        planned.sort(Comparator.comparingLong(Planned::deliverMillis));
        List<Delivery> deliveries = new ArrayList<>();
        for (Planned next : planned) {
            deliveries.add(new Delivery(
                    deliveries.size(), next.kind(), random.nextInt(2), next.deliverMillis(), next.change()));
        }
        return deliveries;
    }

    /** The row that the database holds at the end under each key. */
    Map<RowKey, Row> rows() {
        return rows;
    }
}
