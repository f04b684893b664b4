package io.millrace.iceberg.commit;

import io.millrace.iceberg.index.VariableLength;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What one writer subtask has done for one checkpoint: the record that travels from writers to the committer. */
public record WriterReport(List<TableReport> tables) {
    private static final int VERSION = 1;

    public void write(DataOutput out) throws IOException {
        out.writeByte(VERSION);
        VariableLength.write(tables.size(), out);
        for (TableReport table : tables) {
            table.write(out);
        }
    }

    public static WriterReport read(DataInput in) throws IOException {
        int version = in.readByte();
        if (version != VERSION) {
            throw new IOException("Cannot read a writer's report of version " + version
                    + ": the checkpoint was written by a newer release.");
        }
        List<TableReport> tables = new ArrayList<>();
        for (long i = VariableLength.read(in); i > 0; i--) {
            tables.add(TableReport.read(in));
        }
        return new WriterReport(tables);
    }
}
