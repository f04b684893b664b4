package io.millrace.stream.fit.flink;

import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.Row;
import io.millrace.stream.accounting.Ledger.Entry;
import io.millrace.stream.accounting.flink.TableLedger;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.decode.DecodedChange;
import io.millrace.stream.fit.SchemaFit;
import io.millrace.stream.fit.TargetTables;
import io.millrace.stream.retry.Backoff;
import io.millrace.stream.sequence.KeptValues;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets changes pass whose rows fit all targets of their table, once the targets have been made to fit; the others become dead
 * letters before they leave a trace in any state, so that they can be replayed when the table has been mended.
 *
 * <p>While a target does not answer, the function waits and tries again, and the job waits with it: it could not write
 * there either. Deletes have no row and pass.
 */
public final class FitFunction extends ProcessFunction<DecodedChange, DecodedChange> implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(FitFunction.class);
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5));

    private final ArrayList<TargetTables.Factory> targets;
    private final OutputTag<DeadLetter> deadLetters;
    private final TableLedger ledger = new TableLedger();
    private transient List<TargetTables> opened;
    private transient @Nullable SchemaFit fit;

    @SuppressWarnings("NullAway.Init") // open() comes before everything else.
    public FitFunction(List<TargetTables.Factory> targets, OutputTag<DeadLetter> deadLetters) {
        this.targets = new ArrayList<>(targets);
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
        opened = new ArrayList<>();
        targets.forEach(target -> opened.add(target.open()));
        fit = new SchemaFit(opened);
    }

    @Override
    public void processElement(DecodedChange decoded, Context context, Collector<DecodedChange> out)
            throws InterruptedException {
        ChangeEvent change = decoded.change();
        Row after = change.after();
        String refusal = after == null || decoded.refused() ? null : refusal(change);
        if (after == null || refusal == null) {
            out.collect(decoded);
            return;
        }
        ledger.count(Entry.DEAD_LETTERED, change.key().table());
        context.output(
                deadLetters,
                decoded.refusal(
                        DeadLetterCode.INCOMPATIBLE_SCHEMA,
                        refusal,
                        context.timerService().currentWatermark()));
        if (decoded.large() || KeptValues.mayBeLeftOutOf(after)) {
            out.collect(decoded.asRefused());
        }
    }

    private @Nullable String refusal(ChangeEvent change) throws InterruptedException {
        String table = change.key().table();
        for (int failures = 1; ; failures++) {
            try {
                return Objects.requireNonNull(fit)
                        .refusal(table, Objects.requireNonNull(change.after()).schema(), System.currentTimeMillis());
            } catch (IOException e) {
                Duration wait = BACKOFF.after(failures);
                LOG.warn("Cannot fit the targets of {} yet: {}. Trying again in {}", table, e.getMessage(), wait);
                Thread.sleep(wait.toMillis());
            }
        }
    }

    @Override
    public void close() throws Exception {
        if (opened != null) {
            for (TargetTables target : opened) {
                target.close();
            }
        }
    }
}
