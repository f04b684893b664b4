package io.millrace.iceberg.write;

import io.millrace.iceberg.index.DataFileRef;
import io.millrace.iceberg.index.VariableLength;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * What one subtask keeps of a table besides the keys' locations. After a restore every subtask sees those of all.
 *
 * @param table the table's full name
 * @param checkpoint the checkpoint that this is part of
 * @param epochOffset see {@link io.millrace.iceberg.commit.EpochLine}
 * @param indexedThrough the sequence number up to which the index knows of others' changes
 * @param numberBound no file number at or above this one is in use
 * @param files the files this subtask has to remember
 */
public record TableState(
        String table,
        long checkpoint,
        long epochOffset,
        long indexedThrough,
        long numberBound,
        Map<Long, KnownFile> files) {
    private static final int VERSION = 1;

    /**
     * A file.
     *
     * @param file the file
     * @param checkpoint see {@link io.millrace.iceberg.index.FileTable.Entry#checkpoint()}
     */
    public record KnownFile(DataFileRef file, long checkpoint) {}

    public void write(DataOutput out) throws IOException {
        out.writeByte(VERSION);
        VariableLength.writeText(table, out);
        VariableLength.write(checkpoint, out);
        out.writeLong(epochOffset);
        VariableLength.write(indexedThrough, out);
        VariableLength.write(numberBound, out);
        VariableLength.write(files.size(), out);
        for (Map.Entry<Long, KnownFile> entry : files.entrySet()) {
            VariableLength.write(entry.getKey(), out);
            entry.getValue().file().write(out);
            VariableLength.write(entry.getValue().checkpoint(), out);
        }
    }

    public static TableState read(DataInput in) throws IOException {
        int version = in.readByte();
        if (version != VERSION) {
            throw new IOException("Cannot read a writer's state of version " + version
                    + ": the checkpoint was written by a newer release.");
        }
        String table = VariableLength.readText(in);
        long checkpoint = VariableLength.read(in);
        long epochOffset = in.readLong();
        long indexedThrough = VariableLength.read(in);
        long numberBound = VariableLength.read(in);
        Map<Long, KnownFile> files = new HashMap<>();
        for (long i = VariableLength.read(in); i > 0; i--) {
            long number = VariableLength.read(in);
            DataFileRef file = DataFileRef.read(in);
            files.put(number, new KnownFile(file, VariableLength.read(in)));
        }
        return new TableState(table, checkpoint, epochOffset, indexedThrough, numberBound, files);
    }
}
