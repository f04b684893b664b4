package io.millrace.batch.compact.rewrite;

import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Snapshot;

/**
 * A group that has been read and written, but not committed.
 *
 * @param id names the rewrite in the summary of the snapshot that brings it
 * @param start the snapshot whose rows were read
 * @param inputs what was read, in the order by which {@link RowOrigins} number it; all of one partition
 * @param outputs what was written; empty if no row was left
 */
public record RewrittenGroup(String id, Snapshot start, List<FileScanTask> inputs, List<RewrittenFile> outputs) {

    public RewrittenGroup {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /** The data files written. */
    public List<DataFile> dataFiles() {
        return outputs.stream().map(RewrittenFile::file).toList();
    }
}
