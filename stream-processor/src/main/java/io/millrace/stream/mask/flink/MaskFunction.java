package io.millrace.stream.mask.flink;

import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.mask.MaskingKey;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.stream.accounting.Ledger.Entry;
import io.millrace.stream.accounting.flink.TableLedger;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.decode.DecodedChange;
import io.millrace.stream.mask.ChangeMasks;
import io.millrace.stream.mask.ValueHashes;
import io.millrace.stream.sequence.KeptValues;
import java.util.Objects;
import java.util.Optional;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Masks changes. Their records stay as they are until {@link TravelLight}, which is in the same task: the steps between may
 * still refuse any of them.
 */
public final class MaskFunction extends ProcessFunction<DecodedChange, DecodedChange> implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;

    private final Pipeline pipeline;
    private final OutputTag<DeadLetter> deadLetters;
    private final TableLedger ledger = new TableLedger();
    private transient @Nullable ChangeMasks masks;
    private transient @Nullable ValueHashes hashes;

    public MaskFunction(Pipeline pipeline, OutputTag<DeadLetter> deadLetters) {
        this.pipeline = pipeline;
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
        MaskingKey key = pipeline.masking().open().orElse(null);
        masks = new ChangeMasks(pipeline.tables(), key);
        hashes = new ValueHashes(pipeline.tables(), key);
    }

    @Override
    public void processElement(DecodedChange decoded, Context context, Collector<DecodedChange> out) {
        ChangeMasks tables = Objects.requireNonNull(masks);
        ChangeEvent change = decoded.change();
        String table = change.key().table();
        Optional<String> problem = decoded.refused() || decoded.isMasked() ? Optional.empty() : tables.problem(change);
        if (problem.isPresent()) {
            ledger.count(Entry.DEAD_LETTERED, table);
            context.output(
                    deadLetters,
                    decoded.refusal(
                            DeadLetterCode.NOT_MASKED,
                            problem.get(),
                            context.timerService().currentWatermark()));
            out.collect(hidden(tables, decoded.asRefused()));
        } else {
            out.collect(decoded.isMasked() ? decoded : hidden(tables, decoded));
        }
    }

    private DecodedChange hidden(ChangeMasks tables, DecodedChange decoded) {
        ChangeEvent change = decoded.change();
        boolean large = tables.hide(change.key().table())
                && change.after() != null
                && KeptValues.mayBeLeftOutOf(change.after());
        return decoded.masked(
                tables.mask(change),
                large,
                Objects.requireNonNull(hashes).of(change.key().table(), change.after()));
    }
}
