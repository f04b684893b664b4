package io.millrace.benchmarks.sink;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.StaticTableOperations;
import org.apache.iceberg.hadoop.HadoopFileIO;
import org.apache.iceberg.io.CloseableIterable;

/**
 * What a reader of a snapshot has before it.
 *
 * @param dataFiles data files
 * @param deleteFiles delete files; deletion vectors in one file are one
 * @param openings how often a full scan opens a delete file: for each data file each that may have deletes for it
 */
public record LiveFiles(long dataFiles, long deleteFiles, long openings) {

    static LiveFiles of(String metadata, long snapshot) throws IOException {
        var table = new BaseTable(new StaticTableOperations(metadata, new HadoopFileIO(new Configuration())), "orders");
        Set<String> deleteFiles = new HashSet<>();
        long dataFiles = 0;
        long openings = 0;
        try (CloseableIterable<FileScanTask> tasks =
                table.newScan().useSnapshot(snapshot).planFiles()) {
            for (FileScanTask task : tasks) {
                dataFiles++;
                openings += task.deletes().size();
                task.deletes().forEach(file -> deleteFiles.add(file.location()));
            }
        }
        return new LiveFiles(dataFiles, deleteFiles.size(), openings);
    }
}
