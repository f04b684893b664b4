package io.millrace.stream.wire;

import io.millrace.schemas.event.Row;
import io.millrace.stream.sequence.KeptValues;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** The kept values of a row, as a row of these columns. */
final class KeptValuesCodec implements Codec<KeptValues> {
    private final Codec<Row> rows = new RowCodec();

    @Override
    public void write(KeptValues kept, DataOutput out) throws IOException {
        rows.write(kept.values(), out);
    }

    @Override
    public KeptValues read(DataInput in) throws IOException {
        return new KeptValues(rows.read(in));
    }
}
