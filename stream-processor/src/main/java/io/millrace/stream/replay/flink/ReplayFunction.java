package io.millrace.stream.replay.flink;

import io.millrace.schemas.deadletter.RecordSeal;
import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.decode.Decoding;
import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.schemas.pipeline.Source;
import io.millrace.schemas.pipeline.TableRoutes;
import io.millrace.schemas.replay.RepairRequest;
import io.millrace.schemas.replay.ReplayRequest;
import io.millrace.stream.accounting.Ledger.Entry;
import io.millrace.stream.accounting.flink.TableLedger;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.deadletter.DeadLetters;
import io.millrace.stream.deadletter.Review.State;
import io.millrace.stream.decode.DecodedChange;
import io.millrace.stream.decode.DecodedTruncation;
import io.millrace.stream.decode.DecoderFactory;
import io.millrace.stream.decode.PatientDecoder;
import io.millrace.stream.decode.Replay;
import io.millrace.stream.decode.flink.DecodeFunction;
import io.millrace.stream.replay.Replays;
import io.millrace.stream.wire.WireFormat;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Reads the replay stream: what is to be replayed is decoded as if it had just come from its source, what is discarded is
 * told to the review.
 *
 * <p>The books count a replayed change as received once more; the dead letter that it was stays counted.
 */
public final class ReplayFunction extends ProcessFunction<RawRecord, DecodedChange> implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;

    private final Pipeline pipeline;
    private final DecoderFactory decoders;
    private final OutputTag<DeadLetter> deadLetters;
    private final OutputTag<DeadLetter> told;
    private final TableLedger ledger = new TableLedger();
    private transient TableRoutes routes;
    private transient RecordSeal seal;
    private transient Map<String, PatientDecoder> opened;

    /**
     * The function of a pipeline.
     *
     * @param deadLetters what is refused again, in clear
     * @param told what is to be told of dead letters, without anything in clear
     */
    @SuppressWarnings("NullAway.Init") // Flink's contract: open() comes before anything else.
    public ReplayFunction(
            Pipeline pipeline, DecoderFactory decoders, OutputTag<DeadLetter> deadLetters, OutputTag<DeadLetter> told) {
        this.pipeline = pipeline;
        this.decoders = decoders;
        this.deadLetters = deadLetters;
        this.told = told;
    }

    @Override
    public void open(OpenContext context) {
        routes = pipeline.routes();
        seal = new RecordSeal(pipeline.masking().open().orElse(null));
        opened = new HashMap<>();
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
    public void processElement(RawRecord data, Context context, Collector<DecodedChange> out)
            throws InterruptedException {
        if (RepairRequest.is(data.data())) {
            repair(data, context, out);
            return;
        }
        ReplayRequest request;
        try {
            request = ReplayRequest.parse(data.data());
        } catch (IllegalArgumentException e) {
            context.output(deadLetters, malformed(data, e));
            return;
        }
        DeadLetter letter = Replays.letter(request);
        if (letter.review().state() == State.DISCARDED) {
            context.output(told, letter);
            return;
        }
        try {
            replay(letter, seal.open(Replays.record(request)), context, out);
        } catch (IllegalArgumentException e) {
            // The message says what is wrong with the bytes and quotes none.
            context.output(told, letter.because(String.valueOf(e.getMessage())));
        }
    }

    private static DeadLetter malformed(RawRecord data, IllegalArgumentException e) {
        return DeadLetters.ofRecord(
                data, new Decoding.Rejected(DeadLetterCode.MALFORMED, String.valueOf(e.getMessage()), null, null));
    }

    /** A row that was read in its source: refused, it is a dead letter like any change, whose record is the request. */
    private void repair(RawRecord data, Context context, Collector<DecodedChange> out) {
        try {
            DecodedChange read = read(data);
            ledger.count(Entry.RECEIVED, read.change().key().table());
            out.collect(read);
        } catch (IllegalArgumentException e) {
            context.output(deadLetters, malformed(data, e));
        }
    }

    private DecodedChange read(RawRecord data) {
        RepairRequest request = RepairRequest.parse(data.data());
        ChangeEvent change = request.change(seal);
        if (routes.find(change.table()) == null) {
            throw new IllegalArgumentException("Cannot repair a row of a table that the pipeline does not have");
        }
        RawRecord record = new RawRecord(
                request.head().source(),
                data.stream(),
                data.shard(),
                data.sequence(),
                data.partitionKey(),
                data.arrivalMillis(),
                data.data());
        return DecodedChange.of(change, record).readAt(request.head().reading());
    }

    private void replay(DeadLetter letter, RawRecord record, Context context, Collector<DecodedChange> out)
            throws InterruptedException {
        if (Replays.isRefusedByTarget(record)) {
            DecodedChange again = Replays.again(WireFormat.ROW_CHANGE.value(record.data()), record, letter);
            ledger.count(Entry.RECEIVED, again.change().key().table());
            out.collect(again);
            return;
        }
        if (RepairRequest.is(record.data())) {
            DecodedChange read = read(record).as(new Replay(letter, null));
            ledger.count(Entry.RECEIVED, read.change().key().table());
            out.collect(read);
            return;
        }
        PatientDecoder decoder = decoder(record.source());
        if (decoder == null) {
            context.output(
                    told,
                    letter.because("Cannot replay: the pipeline has no source " + record.source()
                            + " any more. Add it to the pipeline file, or discard the dead letter"));
            return;
        }
        Decoding decoding = decoder.decode(record);
        if (decoding instanceof Decoding.Rejected rejected) {
            ledger.count(Entry.RECEIVED, record.source(), rejected.table());
            ledger.count(Entry.DEAD_LETTERED, record.source(), rejected.table());
            context.output(
                    deadLetters,
                    DeadLetters.ofRecord(record, rejected).with(letter.review().again()));
            return;
        }
        if (decoding instanceof Decoding.Truncation truncation) {
            String table = truncation.table().toString();
            ledger.count(Entry.RECEIVED, table);
            context.output(
                    DecodeFunction.TRUNCATIONS,
                    new DecodedTruncation(
                            table,
                            truncation.position(),
                            truncation.eventTimeMicros(),
                            record,
                            new Replay(letter, null)));
            return;
        }
        List<ChangeEvent> changes =
                decoding instanceof Decoding.Changes read ? Replays.meant(letter, record, read.events()) : List.of();
        for (ChangeEvent change : changes) {
            ledger.count(Entry.RECEIVED, change.key().table());
            out.collect(DecodedChange.of(change, record).as(new Replay(letter, null)));
        }
        if (changes.isEmpty()) {
            ledger.count(Entry.RECEIVED, record.source(), null);
            ledger.count(Entry.CONTROL, record.source(), null);
            context.output(told, letter.with(letter.review().with(Entry.CONTROL.metric())));
        }
    }

    private @Nullable PatientDecoder decoder(String name) {
        PatientDecoder known = opened.get(name);
        if (known == null) {
            for (Source source : pipeline.sources()) {
                if (source.name().equals(name)) {
                    known = new PatientDecoder(decoders.open(source));
                    opened.put(name, known);
                }
            }
        }
        return known;
    }

    @Override
    public void close() throws Exception {
        if (opened != null) {
            for (PatientDecoder decoder : opened.values()) {
                decoder.close();
            }
        }
    }
}
