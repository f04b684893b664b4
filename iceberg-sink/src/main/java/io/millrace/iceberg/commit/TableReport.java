package io.millrace.iceberg.commit;

import io.millrace.iceberg.index.VariableLength;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What one writer subtask has done to one table for one checkpoint.
 *
 * @param table the table's full name
 * @param indexedThrough the writer knew of every rewrite up to this sequence number when it looked the deleted rows up
 * @param dataFiles new data files, as Iceberg's content-file JSON
 * @param deletes rows to delete, in files of this and of earlier reports
 */
public record TableReport(String table, long indexedThrough, List<String> dataFiles, List<FileDeletes> deletes) {

    public boolean isEmpty() {
        return dataFiles.isEmpty() && deletes.isEmpty();
    }

    void write(DataOutput out) throws IOException {
        VariableLength.writeText(table, out);
        VariableLength.write(indexedThrough, out);
        VariableLength.write(dataFiles.size(), out);
        for (String file : dataFiles) {
            VariableLength.writeText(file, out);
        }
        VariableLength.write(deletes.size(), out);
        for (FileDeletes delete : deletes) {
            delete.write(out);
        }
    }

    static TableReport read(DataInput in) throws IOException {
        String table = VariableLength.readText(in);
        long indexedThrough = VariableLength.read(in);
        List<String> dataFiles = new ArrayList<>();
        for (long i = VariableLength.read(in); i > 0; i--) {
            dataFiles.add(VariableLength.readText(in));
        }
        List<FileDeletes> deletes = new ArrayList<>();
        for (long i = VariableLength.read(in); i > 0; i--) {
            deletes.add(FileDeletes.read(in));
        }
        return new TableReport(table, indexedThrough, dataFiles, deletes);
    }
}
