package io.millrace.iceberg.commit;

import io.millrace.iceberg.index.DataFileRef;
import io.millrace.iceberg.index.VariableLength;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Rows of one data file that are to be deleted.
 *
 * @param file where the rows were when the writer looked
 * @param positions their positions
 * @param keys their keys, serialized, in the order of the positions: if the file has been rewritten meanwhile, the rows
 *     are looked for by key. Empty for files of the same report, which nobody can have rewritten yet.
 */
@SuppressWarnings("ArrayRecordComponent")
public record FileDeletes(DataFileRef file, long[] positions, byte[] keys) {

    void write(DataOutput out) throws IOException {
        file.write(out);
        VariableLength.write(positions.length, out);
        for (long position : positions) {
            VariableLength.write(position, out);
        }
        VariableLength.write(keys.length, out);
        out.write(keys);
    }

    static FileDeletes read(DataInput in) throws IOException {
        DataFileRef file = DataFileRef.read(in);
        long[] positions = new long[Math.toIntExact(VariableLength.read(in))];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = VariableLength.read(in);
        }
        byte[] keys = new byte[Math.toIntExact(VariableLength.read(in))];
        in.readFully(keys);
        return new FileDeletes(file, positions, keys);
    }
}
