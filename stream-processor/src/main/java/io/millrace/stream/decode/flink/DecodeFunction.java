package io.millrace.stream.decode.flink;

import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.decode.Decoding;
import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.decode.RecordDecoder;
import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.pipeline.Source;
import io.millrace.schemas.registry.RegistryUnavailableException;
import io.millrace.stream.accounting.Ledger.Entry;
import io.millrace.stream.accounting.flink.TableLedger;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.deadletter.DeadLetters;
import io.millrace.stream.decode.ClaimStoreUnavailableException;
import io.millrace.stream.decode.DecodedChange;
import io.millrace.stream.decode.DecoderFactory;
import io.millrace.stream.retry.Backoff;
import java.time.Duration;
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
 * Decodes the records of one source.
 *
 * <p>While the schema registry or the claim store does not answer, the function waits and tries the same record again.
 * Nothing is lost: the stream keeps what is not read, and reading stops by backpressure. Checkpoints wait as well, as their
 * barriers stand behind the record; the job tolerates those that time out and goes on from the last complete one.
 */
public final class DecodeFunction extends ProcessFunction<RawRecord, DecodedChange> implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(DecodeFunction.class);
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));

    private final Source source;
    private final DecoderFactory decoders;
    private final OutputTag<DeadLetter> deadLetters;
    private transient @Nullable RecordDecoder decoder;
    private final TableLedger ledger = new TableLedger();

    public DecodeFunction(Source source, DecoderFactory decoders, OutputTag<DeadLetter> deadLetters) {
        this.source = source;
        this.decoders = decoders;
        this.deadLetters = deadLetters;
    }

    @Override
    public void open(OpenContext context) {
        decoder = decoders.open(source);
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
        Decoding decoding = decodeOnceItCanBe(record);
        if (decoding instanceof Decoding.Changes changes) {
            for (ChangeEvent change : changes.events()) {
                ledger.count(Entry.RECEIVED, change.key().table());
                out.collect(DecodedChange.of(change, record));
            }
        } else if (decoding instanceof Decoding.Rejected rejected) {
            ledger.count(Entry.RECEIVED, source.name(), rejected.table());
            ledger.count(Entry.DEAD_LETTERED, source.name(), rejected.table());
            context.output(deadLetters, DeadLetters.ofRecord(record, rejected));
        } else {
            ledger.count(Entry.RECEIVED, source.name(), null);
            ledger.count(Entry.CONTROL, source.name(), null);
        }
    }

    private Decoding decodeOnceItCanBe(RawRecord record) throws InterruptedException {
        for (int failures = 1; ; failures++) {
            try {
                return Objects.requireNonNull(decoder).decode(record);
            } catch (RegistryUnavailableException | ClaimStoreUnavailableException e) {
                Duration wait = BACKOFF.after(failures);
                LOG.warn(
                        "Cannot decode record {} of {} yet: {}. Trying again in {}",
                        record.sequence(),
                        record.shard(),
                        e.getMessage(),
                        wait,
                        failures == 1 ? e : null);
                Thread.sleep(wait.toMillis());
            } catch (RuntimeException e) {
                // A decoder's contract excludes this; if it happens all the same, one record must not stop all others.
                // The exception's message is not logged: it may quote the record.
                LOG.error(
                        "Cannot decode record {} of {}: {} at {}",
                        record.sequence(),
                        record.shard(),
                        e.getClass().getName(),
                        e.getStackTrace().length == 0 ? "?" : e.getStackTrace()[0]);
                return new Decoding.Rejected(
                        DeadLetterCode.MALFORMED,
                        "Cannot decode: " + e.getClass().getSimpleName() + " in the decoder",
                        null,
                        null);
            }
        }
    }

    @Override
    public void close() throws Exception {
        if (decoder instanceof AutoCloseable open) {
            open.close();
        }
    }
}
