package io.millrace.stream.wire;

import io.millrace.schemas.event.RowKey;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** A key: also its bytes in RocksDB, so equal keys have equal bytes. */
final class RowKeyCodec implements Codec<RowKey> {

    @Override
    public void write(RowKey key, DataOutput out) throws IOException {
        Compact.writeText(key.table(), out);
        Compact.writeText(key.id(), out);
    }

    @Override
    public RowKey read(DataInput in) throws IOException {
        return new RowKey(Compact.readText(in), Compact.readText(in));
    }
}
