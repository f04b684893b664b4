package io.millrace.stream.wire;

import io.millrace.schemas.event.SourcePosition;
import io.millrace.stream.sequence.KeyHistory;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a key, in about ten bytes: the version is the difference to what the position says, which is
 * nearly always zero.
 */
final class KeyHistoryCodec implements Codec<KeyHistory> {
    private static final int HAS_POSITION = 1;
    private static final int DELETED = 2;
    private static final int KEEPS_VALUES = 4;

    private final Codec<SourcePosition> positions = new PositionCodec();

    @Override
    public void write(KeyHistory history, DataOutput out) throws IOException {
        SourcePosition position = history.position();
        out.writeByte((position == null ? 0 : HAS_POSITION)
                | (history.deleted() ? DELETED : 0)
                | (history.keepsValues() ? KEEPS_VALUES : 0));
        if (position != null) {
            positions.write(position, out);
        }
        Compact.writeSigned(history.version() - base(position), out);
    }

    @Override
    public KeyHistory read(DataInput in) throws IOException {
        int flags = in.readByte();
        SourcePosition position = (flags & HAS_POSITION) == 0 ? null : positions.read(in);
        long version = base(position) + Compact.readSigned(in);
        return new KeyHistory(position, version, (flags & DELETED) != 0, (flags & KEEPS_VALUES) != 0);
    }

    private static long base(@Nullable SourcePosition position) {
        return position == null ? 0 : Math.max(position.transaction(), position.offset());
    }
}
