package io.millrace.stream.wire;

import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowChange;
import io.millrace.schemas.event.RowKey;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** What a change does to its row. */
final class RowChangeCodec implements Codec<RowChange> {
    private static final int UPSERT = 1;
    private static final int DELETE = 2;

    private final Codec<String> tables = new InterningCodec<>(new TextCodec());
    private final Codec<Row> rows = new RowCodec();

    @Override
    public void write(RowChange change, DataOutput out) throws IOException {
        out.writeByte(change instanceof RowChange.Upsert ? UPSERT : DELETE);
        tables.write(change.key().table(), out);
        Compact.writeText(change.key().id(), out);
        Compact.writeUnsigned(change.version(), out);
        Compact.writeSigned(change.eventTimeMicros(), out);
        if (change instanceof RowChange.Upsert upsert) {
            rows.write(upsert.row(), out);
        }
    }

    @Override
    public RowChange read(DataInput in) throws IOException {
        int kind = in.readByte();
        RowKey key = new RowKey(tables.read(in), Compact.readText(in));
        long version = Compact.readUnsigned(in);
        long eventTimeMicros = Compact.readSigned(in);
        return switch (kind) {
            case UPSERT -> new RowChange.Upsert(key, rows.read(in), version, eventTimeMicros);
            case DELETE -> new RowChange.Delete(key, version, eventTimeMicros);
            default ->
                throw new IOException("Cannot read change of kind " + kind + ": it was written by a newer version");
        };
    }
}
