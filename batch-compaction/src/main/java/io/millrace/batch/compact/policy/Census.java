package io.millrace.batch.compact.policy;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a full scan of a table finds.
 *
 * @param dataFiles the number of data files by their size against the target
 * @param bytes the size of all data files
 * @param deleteFiles the number of delete files, or files of deletion vectors, that are opened
 * @param deletedRows rows that are read and thrown away; an estimate where one delete file bears on several data files
 */
public record Census(Map<SizeClass, Integer> dataFiles, long bytes, int deleteFiles, long deletedRows) {

    public Census {
        dataFiles = Map.copyOf(dataFiles);
    }

    /** Counts a table's files. */
    public static Census of(List<PartitionFacts> partitions, long targetFileBytes) {
        Map<SizeClass, Integer> sizes = new EnumMap<>(SizeClass.class);
        Set<String> deletes = new HashSet<>();
        long bytes = 0;
        long deletedRows = 0;
        for (PartitionFacts partition : partitions) {
            for (FileFacts file : partition.files()) {
                sizes.merge(SizeClass.of(file.bytes(), targetFileBytes), 1, Integer::sum);
                deletes.addAll(file.deleteFiles());
                bytes += file.bytes();
                deletedRows += file.deletedRows();
            }
        }
        return new Census(sizes, bytes, deletes.size(), deletedRows);
    }

    /** The number of data files of a size. */
    public int files(SizeClass size) {
        return dataFiles.getOrDefault(size, 0);
    }

    /** The number of data files. */
    public int files() {
        return dataFiles.values().stream().mapToInt(Integer::intValue).sum();
    }
}
