package io.millrace.schemas.replay;

import org.jspecify.annotations.Nullable;

/**
 * What somebody decided about a dead letter: a record of the pipeline's replay stream.
 *
 * <pre>
 * 'M' 'R' 'R' 'Q' | 01 | length of the head, 4 bytes | head, JSON | the sealed record
 * </pre>
 *
 * <p>It holds all that is known of the dead letter, so that the job need not remember any. The record in it stays sealed:
 * who replays it cannot read it.
 *
 * @param head everything but the record
 * @param sealed the sealed record; empty for a discard
 */
public record ReplayRequest(Head head, byte[] sealed) implements StreamRequest {
    private static final byte[] MAGIC = {'M', 'R', 'R', 'Q', 1};

    /** What is to be done. */
    public enum Action {
        /** The record goes through the job once more. */
        REPLAY,
        /** The dead letter is not needed. */
        DISCARD
    }

    /**
     * The decision, and the dead letter as its row has it.
     *
     * @param action what is to be done
     * @param by who decided
     * @param atMicros when, in microseconds since 1970-01-01T00:00Z
     * @param note what they noted
     * @param id the dead letter
     * @param attempt how often it has been refused
     * @param code its code
     * @param reason its reason
     * @param source the source of its record
     * @param table the source table's full name
     * @param key the row's masked key
     * @param positionTransaction its position's first part
     * @param positionOffset its position's second part
     * @param eventTimeMicros its event time
     * @param watermarkMicros the watermark when it was refused
     * @param firstSeenMicros when its record came first
     * @param stream its record's stream; empty for a change that a target refused
     * @param shard its record's shard
     * @param sequence its record's sequence number
     * @param partitionKey its record's partition key
     */
    public record Head(
            Action action,
            String by,
            long atMicros,
            @Nullable String note,
            String id,
            int attempt,
            String code,
            String reason,
            String source,
            @Nullable String table,
            @Nullable String key,
            @Nullable Long positionTransaction,
            @Nullable Long positionOffset,
            @Nullable Long eventTimeMicros,
            @Nullable Long watermarkMicros,
            long firstSeenMicros,
            @Nullable String stream,
            @Nullable String shard,
            @Nullable String sequence,
            @Nullable String partitionKey) {}

    /** The name of a pipeline's replay stream. */
    public static String streamOf(String pipeline) {
        return pipeline + "-replay";
    }

    @Override
    public String name() {
        return "dead letter " + head.id();
    }

    @Override
    public byte[] encode() {
        return new Frame<>(head, sealed).encode(MAGIC);
    }

    /**
     * Reads what {@link #encode()} wrote.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static ReplayRequest parse(byte[] data) {
        Frame<Head> frame = Frame.parse(MAGIC, data, Head.class, "replay request");
        Head head = frame.head();
        if (head == null || head.action() == null || head.id() == null || head.source() == null) {
            throw new IllegalArgumentException("Cannot read replay request: it names no dead letter");
        }
        return new ReplayRequest(head, frame.rest());
    }
}
