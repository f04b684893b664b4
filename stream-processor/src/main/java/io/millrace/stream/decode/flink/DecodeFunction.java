package io.millrace.stream.decode.flink;

import io.millrace.schemas.decode.Decoding;
import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.pipeline.Source;
import io.millrace.stream.accounting.Ledger.Entry;
import io.millrace.stream.accounting.flink.TableLedger;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.deadletter.DeadLetters;
import io.millrace.stream.decode.DecodedChange;
import io.millrace.stream.decode.DecodedTruncation;
import io.millrace.stream.decode.DecoderFactory;
import io.millrace.stream.decode.PatientDecoder;
import io.millrace.stream.wire.WireFormat;
import io.millrace.stream.wire.flink.WireType;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/** Decodes the records of one source. */
public final class DecodeFunction extends ProcessFunction<RawRecord, DecodedChange> implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;

    /** The truncations that are to be applied. */
    public static final OutputTag<DecodedTruncation> TRUNCATIONS =
            new OutputTag<>("truncations", WireType.of(WireFormat.DECODED_TRUNCATION));

    private final Source source;
    private final DecoderFactory decoders;
    private final OutputTag<DeadLetter> deadLetters;
    private transient @Nullable PatientDecoder decoder;
    private final TableLedger ledger = new TableLedger();

    public DecodeFunction(Source source, DecoderFactory decoders, OutputTag<DeadLetter> deadLetters) {
        this.source = source;
        this.decoders = decoders;
        this.deadLetters = deadLetters;
    }

    @Override
    public void open(OpenContext context) {
        decoder = new PatientDecoder(decoders.open(source));
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
    public void processElement(RawRecord record, Context context, Collector<DecodedChange> out)
            throws InterruptedException {
        Decoding decoding = Objects.requireNonNull(decoder).decode(record);
        if (decoding instanceof Decoding.Changes changes) {
            for (ChangeEvent change : changes.events()) {
                ledger.count(Entry.RECEIVED, change.key().table());
                out.collect(DecodedChange.of(change, record));
            }
        } else if (decoding instanceof Decoding.Truncation truncation) {
            String table = truncation.table().toString();
            ledger.count(Entry.RECEIVED, table);
            context.output(
                    TRUNCATIONS,
                    new DecodedTruncation(table, truncation.position(), truncation.eventTimeMicros(), record, null));
        } else if (decoding instanceof Decoding.Rejected rejected) {
            ledger.count(Entry.RECEIVED, source.name(), rejected.table());
            ledger.count(Entry.DEAD_LETTERED, source.name(), rejected.table());
            context.output(deadLetters, DeadLetters.ofRecord(record, rejected));
        } else {
            ledger.count(Entry.RECEIVED, source.name(), null);
            ledger.count(Entry.CONTROL, source.name(), null);
        }
    }

    @Override
    public void close() throws Exception {
        if (decoder != null) {
            decoder.close();
        }
    }
}
