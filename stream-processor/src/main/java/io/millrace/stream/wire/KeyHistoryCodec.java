package io.millrace.stream.wire;

import io.millrace.schemas.event.SourcePosition;
import io.millrace.stream.sequence.KeyHistory;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a key, in about ten bytes: the version is the difference to what the position says, and the time of
 * a change without a position the difference to the version; both are nearly always zero.
 *
 * <p>Version 1 had no expiry of tombstones, and knew neither snapshot rows nor the time of changes without a position. What
 * it wrote reads as a streamed change of unknown time, and tombstones without end.
 */
final class KeyHistoryCodec implements Codec<KeyHistory> {
    private static final int HAS_POSITION = 1;
    private static final int DELETED = 2;
    private static final int KEEPS_VALUES = 4;
    private static final int FROM_SNAPSHOT = 8;
    private static final int HAS_TIME = 16;
    private static final int EXPIRES = 32;

    /** Tombstones expire at full hours. */
    private static final long EXPIRY_UNIT_MILLIS = 3_600_000;

    private final Codec<SourcePosition> positions = new PositionCodec();

    @Override
    public void write(KeyHistory history, DataOutput out) throws IOException {
        SourcePosition position = history.position();
        Long time = history.eventTimeMicros();
        out.writeByte((position == null ? 0 : HAS_POSITION)
                | (history.deleted() ? DELETED : 0)
                | (history.keepsValues() ? KEEPS_VALUES : 0)
                | (history.fromSnapshot() ? FROM_SNAPSHOT : 0)
                | (time == null ? 0 : HAS_TIME)
                | (history.expiresMillis() == KeyHistory.NEVER ? 0 : EXPIRES));
        if (position != null) {
            positions.write(position, out);
        }
        Compact.writeSigned(history.version() - base(position), out);
        if (time != null) {
            Compact.writeSigned(time - history.version(), out);
        }
        if (history.expiresMillis() != KeyHistory.NEVER) {
            Compact.writeSigned(history.expiresMillis() / EXPIRY_UNIT_MILLIS, out);
        }
    }

    @Override
    public KeyHistory read(DataInput in) throws IOException {
        int flags = in.readByte();
        SourcePosition position = (flags & HAS_POSITION) == 0 ? null : positions.read(in);
        long version = base(position) + Compact.readSigned(in);
        Long time = (flags & HAS_TIME) == 0 ? null : Long.valueOf(version + Compact.readSigned(in));
        long expires = (flags & EXPIRES) == 0 ? KeyHistory.NEVER : Compact.readSigned(in) * EXPIRY_UNIT_MILLIS;
        return new KeyHistory(
                position,
                version,
                (flags & DELETED) != 0,
                (flags & KEEPS_VALUES) != 0,
                (flags & FROM_SNAPSHOT) != 0,
                time,
                expires);
    }

    private static long base(@Nullable SourcePosition position) {
        return position == null ? 0 : Math.max(position.transaction(), position.offset());
    }
}
