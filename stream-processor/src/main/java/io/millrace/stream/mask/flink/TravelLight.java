package io.millrace.stream.mask.flink;

import io.millrace.schemas.deadletter.RecordSeal;
import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.stream.admit.Punctuality;
import io.millrace.stream.decode.DecodedChange;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;

/**
 * Takes the raw record off changes that no later step can refuse, and seals it for all others, right before they travel to
 * the step of their key: raw bytes on every change would double what travels, and behind here nothing is in clear.
 */
public final class TravelLight extends RichMapFunction<DecodedChange, DecodedChange> {
    private static final long serialVersionUID = 1L;

    private final Pipeline pipeline;
    private transient RecordSeal seal;
    private transient Punctuality punctuality;

    @SuppressWarnings("NullAway.Init") // Flink's contract: open() comes before anything else.
    public TravelLight(Pipeline pipeline) {
        this.pipeline = pipeline;
    }

    @Override
    public void open(OpenContext context) {
        seal = new RecordSeal(pipeline.masking().open().orElse(null));
        punctuality = new Punctuality(pipeline.eventTime());
    }

    @Override
    public DecodedChange map(DecodedChange decoded) {
        RawRecord raw = decoded.raw();
        return raw == null || !mayStillBeRefused(decoded)
                ? decoded.withoutRaw()
                : decoded.sealed(seal.seal(raw), raw.id());
    }

    private boolean mayStillBeRefused(DecodedChange decoded) {
        return decoded.lacksValues()
                || !decoded.claims().isEmpty()
                || punctuality.mayBecomeLate(decoded.change(), System.currentTimeMillis());
    }
}
