package io.millrace.stream.wire;

import io.millrace.stream.accounting.CommitSample;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Event times of a checkpoint's changes. */
final class CommitSampleCodec implements Codec<CommitSample> {

    @Override
    public void write(CommitSample sample, DataOutput out) throws IOException {
        Compact.writeText(sample.table(), out);
        Compact.writeText(sample.target(), out);
        Compact.writeUnsigned(sample.checkpoint(), out);
        Compact.writeUnsigned(sample.eventMillis().size(), out);
        for (long millis : sample.eventMillis()) {
            Compact.writeSigned(millis, out);
        }
    }

    @Override
    public CommitSample read(DataInput in) throws IOException {
        String table = Compact.readText(in);
        String target = Compact.readText(in);
        long checkpoint = Compact.readUnsigned(in);
        List<Long> times = new ArrayList<>();
        for (int left = Compact.readLength(in); left > 0; left--) {
            times.add(Compact.readSigned(in));
        }
        return new CommitSample(table, target, checkpoint, times);
    }
}
