package io.millrace.iceberg.commit;

import io.millrace.iceberg.scan.TableView;
import java.util.Collection;
import java.util.List;
import org.apache.iceberg.DeleteFile;

/** Writes the deletes of one commit in the form that the table's format version asks for. */
interface DeleteFileWriter {

    /**
     * What a commit does about deletes.
     *
     * @param added new delete files
     * @param replaced delete files of the table whose content the new ones include
     */
    record Written(List<DeleteFile> added, List<DeleteFile> replaced) {}

    /** Writes files; nothing refers to them until they are committed. */
    Written write(TableView view, Collection<DeleteTarget> targets);

    /** Notes that what was written last has landed in this snapshot. */
    default void landed(long snapshotId) {}
}
