package io.millrace.batch;

import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.encryption.EncryptedOutputFile;
import org.apache.iceberg.io.OutputFileFactory;

/** Where new files of a table go. */
public final class NewFiles {
    private NewFiles() {}

    /**
     * A new file of a partition. Without partitions the factory must not be asked for one: it would put an empty folder into
     * the path, {@code data//file}, and S3's servers do not agree on how that is signed.
     */
    public static EncryptedOutputFile of(OutputFileFactory files, PartitionSpec spec, StructLike partition) {
        return spec.isUnpartitioned() ? files.newOutputFile() : files.newOutputFile(spec, partition);
    }
}
