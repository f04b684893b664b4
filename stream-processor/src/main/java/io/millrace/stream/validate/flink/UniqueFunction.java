package io.millrace.stream.validate.flink;

import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.pipeline.Rule;
import io.millrace.schemas.pipeline.Rule.UniqueInWindow;
import io.millrace.schemas.pipeline.TableRoute;
import io.millrace.schemas.pipeline.TableRoutes;
import io.millrace.stream.accounting.Ledger.Entry;
import io.millrace.stream.accounting.flink.TableLedger;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.deadletter.Review;
import io.millrace.stream.decode.DecodedChange;
import io.millrace.stream.mask.ValueHashes;
import io.millrace.stream.sequence.KeptValues;
import io.millrace.stream.validate.UniqueWindow;
import io.millrace.stream.validate.UniqueWindow.Holder;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Refuses or reports changes that take a value which another row has; for tables with such rules only.
 *
 * <p>Keyed by table, and so in one subtask for a table: keyed by value, the changes of a row would overtake each other. State:
 * for each rule the hashes of values with their rows, and of rows with their values, until the window is over.
 */
public final class UniqueFunction extends KeyedProcessFunction<String, DecodedChange, DecodedChange>
        implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;

    private final List<TableRoute> routes;
    private final OutputTag<DeadLetter> deadLetters;
    private final TableLedger ledger = new TableLedger();
    private transient TableRoutes tables;
    private transient Map<String, List<UniqueInWindow>> rules;
    private transient MapState<String, Tuple2<String, Long>> holders;
    private transient MapState<String, String> values;

    @SuppressWarnings("NullAway.Init") // Flink's contract: open() comes before anything else.
    public UniqueFunction(List<TableRoute> routes, OutputTag<DeadLetter> deadLetters) {
        this.routes = List.copyOf(routes);
        this.deadLetters = deadLetters;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        ledger.restore(context, getRuntimeContext().getMetricGroup());
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        ledger.save();
    }

    @Override
    public void open(OpenContext context) {
        rules = new HashMap<>();
        tables = new TableRoutes(routes);
        holders = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>("holders", Types.STRING, Types.TUPLE(Types.STRING, Types.LONG)));
        values = getRuntimeContext().getMapState(new MapStateDescriptor<>("values", Types.STRING, Types.STRING));
    }

    @Override
    public void processElement(DecodedChange decoded, Context context, Collector<DecodedChange> out) throws Exception {
        ChangeEvent change = decoded.change();
        String table = change.key().table();
        List<UniqueInWindow> ofTable = rules(table);
        UniqueInWindow broken = decoded.refused() ? null : firstBroken(decoded, ofTable, context);
        long watermark = context.timerService().currentWatermark();
        if (broken == null) {
            out.collect(decoded);
            return;
        }
        DeadLetter letter = decoded.refusal(
                DeadLetterCode.RULE_BROKEN,
                "Cannot accept value of column " + broken.column() + ": it breaks rule " + broken.name()
                        + ", as another row has it",
                watermark);
        if (broken.action() == Rule.Action.REPORT) {
            context.output(deadLetters, letter.with(Review.REPORTED));
            out.collect(decoded);
            return;
        }
        ledger.count(Entry.DEAD_LETTERED, table);
        context.output(deadLetters, letter);
        if (change.after() != null && (decoded.large() || KeptValues.mayBeLeftOutOf(change.after()))) {
            out.collect(decoded.asRefused());
        }
    }

    private List<UniqueInWindow> rules(String table) {
        return rules.computeIfAbsent(table, name -> {
            TableRoute route = tables.find(name);
            return route == null ? List.of() : route.quality().rules(UniqueInWindow.class);
        });
    }

    private @Nullable UniqueInWindow firstBroken(DecodedChange decoded, List<UniqueInWindow> ofTable, Context context) {
        ChangeEvent change = decoded.change();
        List<String> claims = decoded.claims();
        for (int i = 0; i < ofTable.size(); i++) {
            UniqueInWindow rule = ofTable.get(i);
            String value = change.after() == null || i >= claims.size() ? "" : claims.get(i);
            if (value.equals(ValueHashes.UNCHANGED)) {
                continue;
            }
            long windowMicros = rule.window().toNanos() / 1000;
            boolean free = new UniqueWindow(windowMicros)
                    .take(
                            change.key().id(),
                            value.isEmpty() ? null : value,
                            change.eventTimeMicros(),
                            new RuleClaims(i + " "));
            if (!free) {
                return rule;
            }
            long window = rule.window().toMillis();
            long end = change.eventTimeMicros() / 1000 + window;
            context.timerService().registerEventTimeTimer(Math.floorDiv(end, window) * window + window);
        }
        return null;
    }

    /** Forgets the values whose window is over. */
    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<DecodedChange> out) throws Exception {
        List<UniqueInWindow> ofTable = rules(context.getCurrentKey());
        Iterator<Map.Entry<String, Tuple2<String, Long>>> all = holders.iterator();
        while (all.hasNext()) {
            Map.Entry<String, Tuple2<String, Long>> holder = Objects.requireNonNull(all.next());
            int rule = Integer.parseInt(
                    holder.getKey().substring(0, holder.getKey().indexOf(' ')));
            long window = rule < ofTable.size() ? ofTable.get(rule).window().toMillis() : 0;
            if (holder.getValue().f1 / 1000 + window <= timestamp) {
                values.remove(rule + " " + holder.getValue().f0);
                all.remove();
            }
        }
    }

    /** One rule's part of the state of the current table. */
    private final class RuleClaims implements UniqueWindow.Claims {
        private final String rule;

        RuleClaims(String rule) {
            this.rule = rule;
        }

        @Override
        public @Nullable Holder holder(String value) {
            Tuple2<String, Long> holder = read(holders, rule + value);
            return holder == null ? null : new Holder(holder.f0, holder.f1);
        }

        @Override
        public @Nullable String valueOf(String row) {
            return read(values, rule + row);
        }

        @Override
        public void give(String value, Holder holder) {
            write(holders, rule + value, Tuple2.of(holder.row(), holder.eventTimeMicros()));
            write(values, rule + holder.row(), value);
        }

        @Override
        public void take(String value, String row) {
            Holder holder = holder(value);
            if (holder != null && holder.row().equals(row)) {
                write(holders, rule + value, null);
            }
            write(values, rule + row, null);
        }
    }

    private static <V> @Nullable V read(MapState<String, V> state, String key) {
        try {
            return state.get(key);
        } catch (Exception e) {
            throw new IllegalStateException("Cannot read claims from state", e);
        }
    }

    private static <V> void write(MapState<String, V> state, String key, @Nullable V value) {
        try {
            if (value == null) {
                state.remove(key);
            } else {
                state.put(key, value);
            }
        } catch (Exception e) {
            throw new IllegalStateException("Cannot write claims to state", e);
        }
    }
}
