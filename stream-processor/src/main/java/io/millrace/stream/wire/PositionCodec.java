package io.millrace.stream.wire;

import io.millrace.schemas.event.SourcePosition;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** A position: the second part as the difference to the first, which it is near in PostgreSQL. */
final class PositionCodec implements Codec<SourcePosition> {

    @Override
    public void write(SourcePosition position, DataOutput out) throws IOException {
        Compact.writeUnsigned(position.transaction(), out);
        Compact.writeSigned(position.offset() - position.transaction(), out);
    }

    @Override
    public SourcePosition read(DataInput in) throws IOException {
        long transaction = Compact.readUnsigned(in);
        return new SourcePosition(transaction, transaction + Compact.readSigned(in));
    }
}
