package io.millrace.stream.wire;

import io.millrace.stream.volume.MinuteCounts;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** The counts of a minute. */
final class MinuteCountsCodec implements Codec<MinuteCounts> {

    @Override
    public void write(MinuteCounts minute, DataOutput out) throws IOException {
        Compact.writeText(minute.table(), out);
        Compact.writeSigned(minute.minuteMillis(), out);
        Compact.writeUnsigned(minute.inserts(), out);
        Compact.writeUnsigned(minute.updates(), out);
        Compact.writeUnsigned(minute.deletes(), out);
        Compact.writeUnsigned(minute.snapshotRows(), out);
        Compact.writeUnsigned(minute.superseded(), out);
        Compact.writeUnsigned(minute.duplicates(), out);
        Compact.writeUnsigned(minute.rejected(), out);
        Compact.writeUnsigned(minute.lag().count(), out);
        Compact.writeUnsigned(minute.lag().sumMillis(), out);
        Compact.writeUnsigned(minute.lag().maxMillis(), out);
    }

    @Override
    public MinuteCounts read(DataInput in) throws IOException {
        return new MinuteCounts(
                Compact.readText(in),
                Compact.readSigned(in),
                Compact.readUnsigned(in),
                Compact.readUnsigned(in),
                Compact.readUnsigned(in),
                Compact.readUnsigned(in),
                Compact.readUnsigned(in),
                Compact.readUnsigned(in),
                Compact.readUnsigned(in),
                new MinuteCounts.Lag(Compact.readUnsigned(in), Compact.readUnsigned(in), Compact.readUnsigned(in)));
    }
}
