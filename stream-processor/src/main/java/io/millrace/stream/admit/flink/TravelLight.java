package io.millrace.stream.admit.flink;

import io.millrace.schemas.pipeline.EventTime;
import io.millrace.stream.admit.Punctuality;
import io.millrace.stream.decode.DecodedChange;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;

/**
 * Takes the raw record off changes that no later step can refuse, right before they travel to the step of their key: raw
 * bytes on every change would double what travels.
 */
public final class TravelLight extends RichMapFunction<DecodedChange, DecodedChange> {
    private static final long serialVersionUID = 1L;

    private final EventTime eventTime;
    private transient Punctuality punctuality;

    @SuppressWarnings("NullAway.Init") // Flink's contract: open() comes before anything else.
    public TravelLight(EventTime eventTime) {
        this.eventTime = eventTime;
    }

    @Override
    public void open(OpenContext context) {
        punctuality = new Punctuality(eventTime);
    }

    @Override
    public DecodedChange map(DecodedChange decoded) {
        return decoded.lacksValues() || punctuality.mayBecomeLate(decoded.change(), System.currentTimeMillis())
                ? decoded
                : decoded.withoutRaw();
    }
}
