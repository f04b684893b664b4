package io.millrace.stream.decode;

import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.decode.Decoding;
import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.decode.RecordDecoder;
import io.millrace.schemas.registry.RegistryUnavailableException;
import io.millrace.stream.retry.Backoff;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes records for a task that waits.
 *
 * <p>While the schema registry or the claim store does not answer, it waits and tries the same record again. Nothing is
 * lost: the stream keeps what is not read, and reading stops by backpressure. Checkpoints wait as well, as their barriers
 * stand behind the record; the job tolerates those that time out and goes on from the last complete one.
 */
public final class PatientDecoder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PatientDecoder.class);
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));

    private final RecordDecoder decoder;

    public PatientDecoder(RecordDecoder decoder) {
        this.decoder = decoder;
    }

    /** Decodes a record, however long that takes; what cannot be decoded is rejected. */
    public Decoding decode(RawRecord record) throws InterruptedException {
        for (int failures = 1; ; failures++) {
            try {
                return decoder.decode(record);
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
