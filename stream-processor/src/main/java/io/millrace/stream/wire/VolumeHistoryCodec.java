package io.millrace.stream.wire;

import io.millrace.stream.volume.Volume;
import io.millrace.stream.volume.VolumeHistory;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** What is remembered of a table's minutes; each minute by its distance from the first that has not been judged. */
final class VolumeHistoryCodec implements Codec<VolumeHistory> {

    @Override
    public void write(VolumeHistory history, DataOutput out) throws IOException {
        Compact.writeText(history.table(), out);
        Compact.writeSigned(history.firstMillis(), out);
        Compact.writeSigned(history.nextMillis(), out);
        Compact.writeText(history.standing().name(), out);
        Compact.writeUnsigned(history.counts().size(), out);
        for (Map.Entry<Long, Long> minute : history.counts().entrySet()) {
            Compact.writeSigned(minute.getKey() - history.nextMillis(), out);
            Compact.writeUnsigned(minute.getValue(), out);
        }
    }

    @Override
    public VolumeHistory read(DataInput in) throws IOException {
        String table = Compact.readText(in);
        long first = Compact.readSigned(in);
        long next = Compact.readSigned(in);
        Volume standing = Volume.valueOf(Compact.readText(in));
        TreeMap<Long, Long> counts = new TreeMap<>();
        for (int left = Compact.readLength(in); left > 0; left--) {
            counts.put(next + Compact.readSigned(in), Compact.readUnsigned(in));
        }
        return new VolumeHistory(table, first, next, standing, counts);
    }
}
