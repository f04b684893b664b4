package io.millrace.stream.truncate.flink;

import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.decode.Decoding;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.schemas.pipeline.TableRoute;
import io.millrace.stream.accounting.Ledger.Entry;
import io.millrace.stream.accounting.flink.TableLedger;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.deadletter.DeadLetters;
import io.millrace.stream.decode.DecodedTruncation;
import io.millrace.stream.decode.Replay;
import io.millrace.stream.fit.TargetTables;
import io.millrace.stream.retry.Backoff;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets truncations pass of tables whose rows in the targets the job knows, every one; those of other tables become dead letters.
 *
 * <p>A truncation removes rows by their keys, which are in the state of the sequence step. A job that was started without
 * state on targets that have rows does not know these, and emptying half a table would be worse than to say so. So a table is
 * known if, at some start of the job, no target had rows of it: from then on every row went through the state. That stays
 * true for as long as the state is handed on and the table is in the pipeline. Needs a parallelism of 1.
 */
public final class TruncateFunction extends ProcessFunction<DecodedTruncation, DecodedTruncation>
        implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(TruncateFunction.class);
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5));

    private final ArrayList<String> tables;
    private final ArrayList<String> flowing;
    private final ArrayList<TargetTables.Factory> targets;
    private final OutputTag<DeadLetter> deadLetters;
    private final TableLedger ledger = new TableLedger();
    private transient Set<String> known;
    private transient ListState<String> saved;

    @SuppressWarnings("NullAway.Init") // Flink's contract: initializeState() comes before anything else.
    public TruncateFunction(Pipeline pipeline, List<TargetTables.Factory> targets, OutputTag<DeadLetter> deadLetters) {
        this.tables = new ArrayList<>(pipeline.tables().stream()
                .filter(route -> route.onTruncate() == TableRoute.OnTruncate.APPLY)
                .map(route -> route.table().toString())
                .toList());
        this.flowing = new ArrayList<>(pipeline.tables().stream()
                .map(route -> route.table().toString())
                .toList());
        this.targets = new ArrayList<>(targets);
        this.deadLetters = deadLetters;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        ledger.restore(context, getRuntimeContext().getMetricGroup());
        saved = context.getOperatorStateStore().getListState(new ListStateDescriptor<>("known-tables", Types.STRING));
        known = new LinkedHashSet<>();
        saved.get().forEach(known::add);
        known.retainAll(flowing);
        lookForEmptyTables();
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        ledger.save();
        saved.update(new ArrayList<>(known));
    }

    private void lookForEmptyTables() throws Exception {
        List<TargetTables> opened = new ArrayList<>();
        try {
            for (TargetTables.Factory target : tables.isEmpty() ? List.<TargetTables.Factory>of() : targets) {
                opened.add(target.open());
            }
            for (String table : tables) {
                if (!known.contains(table) && !holdsRows(table, opened)) {
                    known.add(table);
                }
            }
        } finally {
            for (TargetTables target : opened) {
                target.close();
            }
        }
    }

    private static boolean holdsRows(String table, List<TargetTables> targets) throws InterruptedException {
        for (int failures = 1; ; failures++) {
            try {
                for (TargetTables target : targets) {
                    if (target.holdsRows(table)) {
                        return true;
                    }
                }
                return false;
            } catch (IOException e) {
                Duration wait = BACKOFF.after(failures);
                LOG.warn("Cannot look into the targets of {} yet: {}. Trying again in {}", table, e.getMessage(), wait);
                Thread.sleep(wait.toMillis());
            }
        }
    }

    @Override
    public void processElement(DecodedTruncation truncation, Context context, Collector<DecodedTruncation> out) {
        if (known.contains(truncation.table())) {
            out.collect(truncation.withoutRaw());
            return;
        }
        ledger.count(Entry.DEAD_LETTERED, truncation.table());
        DeadLetter letter = DeadLetters.ofRecord(
                truncation.record(),
                new Decoding.Rejected(
                        DeadLetterCode.TABLE_TRUNCATED,
                        "Cannot apply truncation: the job was started without state when the targets had rows, and does not"
                                + " know all of them. Stop it, empty the targets by hand, start it, and replay this",
                        truncation.table(),
                        null));
        Replay replay = truncation.replay();
        context.output(
                deadLetters,
                replay == null ? letter : letter.with(replay.letter().review().again()));
    }
}
