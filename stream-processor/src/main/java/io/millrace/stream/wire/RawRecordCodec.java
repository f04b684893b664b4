package io.millrace.stream.wire;

import io.millrace.schemas.decode.RawRecord;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** A record with its coordinates. */
final class RawRecordCodec implements Codec<RawRecord> {

    @Override
    public void write(RawRecord record, DataOutput out) throws IOException {
        Compact.writeText(record.source(), out);
        Compact.writeText(record.stream(), out);
        Compact.writeText(record.shard(), out);
        Compact.writeText(record.sequence(), out);
        Compact.writeOptionalText(record.partitionKey(), out);
        Compact.writeSigned(record.arrivalMillis(), out);
        Compact.writeBytes(record.data(), out);
    }

    @Override
    public RawRecord read(DataInput in) throws IOException {
        return new RawRecord(
                Compact.readText(in),
                Compact.readText(in),
                Compact.readText(in),
                Compact.readText(in),
                Compact.readOptionalText(in),
                Compact.readSigned(in),
                Compact.readBytes(in));
    }
}
