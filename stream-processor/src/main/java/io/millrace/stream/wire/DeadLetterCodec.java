package io.millrace.stream.wire;

import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.event.SourcePosition;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.deadletter.Review;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** A dead letter with its record. */
final class DeadLetterCodec implements Codec<DeadLetter> {
    private static final int HAS_KEY = 1;
    private static final int HAS_POSITION = 2;
    private static final int HAS_EVENT_TIME = 4;
    private static final int HAS_RAW = 8;
    private static final int HAS_WATERMARK = 16;
    private static final int HAS_REVIEWER = 32;

    private final Codec<RowKey> keys = new RowKeyCodec();
    private final Codec<SourcePosition> positions = new PositionCodec();
    private final Codec<RawRecord> records = new RawRecordCodec();

    @Override
    public void write(DeadLetter letter, DataOutput out) throws IOException {
        RowKey key = letter.key();
        SourcePosition position = letter.position();
        Long eventTime = letter.eventTimeMicros();
        RawRecord raw = letter.raw();
        Long watermark = letter.watermarkMillis();
        Review review = letter.review();
        out.writeByte((key == null ? 0 : HAS_KEY)
                | (position == null ? 0 : HAS_POSITION)
                | (eventTime == null ? 0 : HAS_EVENT_TIME)
                | (raw == null ? 0 : HAS_RAW)
                | (watermark == null ? 0 : HAS_WATERMARK)
                | (review.atMicros() == null ? 0 : HAS_REVIEWER));
        Compact.writeText(letter.id(), out);
        Compact.writeText(letter.code().name(), out);
        Compact.writeText(letter.reason(), out);
        Compact.writeText(letter.source(), out);
        Compact.writeOptionalText(letter.table(), out);
        Compact.writeSigned(letter.firstSeenMicros(), out);
        if (key != null) {
            keys.write(key, out);
        }
        if (position != null) {
            positions.write(position, out);
        }
        if (eventTime != null) {
            Compact.writeSigned(eventTime, out);
        }
        if (raw != null) {
            records.write(raw, out);
        }
        if (watermark != null) {
            Compact.writeSigned(watermark, out);
        }
        Compact.writeText(review.state().name(), out);
        Compact.writeUnsigned(review.attempt(), out);
        Compact.writeOptionalText(review.by(), out);
        if (review.atMicros() != null) {
            Compact.writeSigned(review.atMicros(), out);
        }
        Compact.writeOptionalText(review.note(), out);
        Compact.writeOptionalText(review.outcome(), out);
    }

    @Override
    public DeadLetter read(DataInput in) throws IOException {
        int has = in.readByte();
        String id = Compact.readText(in);
        DeadLetterCode code = DeadLetterCode.valueOf(Compact.readText(in));
        String reason = Compact.readText(in);
        String source = Compact.readText(in);
        String table = Compact.readOptionalText(in);
        long firstSeenMicros = Compact.readSigned(in);
        RowKey key = (has & HAS_KEY) == 0 ? null : keys.read(in);
        SourcePosition position = (has & HAS_POSITION) == 0 ? null : positions.read(in);
        Long eventTime = (has & HAS_EVENT_TIME) == 0 ? null : (Long) Compact.readSigned(in);
        RawRecord raw = (has & HAS_RAW) == 0 ? null : records.read(in);
        Long watermark = (has & HAS_WATERMARK) == 0 ? null : (Long) Compact.readSigned(in);
        Review review = new Review(
                Review.State.valueOf(Compact.readText(in)),
                Compact.readLength(in),
                Compact.readOptionalText(in),
                (has & HAS_REVIEWER) == 0 ? null : (Long) Compact.readSigned(in),
                Compact.readOptionalText(in),
                Compact.readOptionalText(in));
        return new DeadLetter(
                id, code, reason, source, table, key, position, eventTime, watermark, firstSeenMicros, raw, review);
    }
}
