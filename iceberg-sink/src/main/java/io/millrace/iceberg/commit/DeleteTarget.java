package io.millrace.iceberg.commit;

import io.millrace.iceberg.index.DataFileRef;
import org.apache.iceberg.deletes.Deletes;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.io.CloseableIterable;

/**
 * Rows to delete in a data file that is live, or about to be.
 *
 * @param file the data file
 * @param positions the rows' positions; grows while targets are gathered
 */
record DeleteTarget(DataFileRef file, PositionDeleteIndex positions) {

    DeleteTarget(DataFileRef file) {
        this(file, Deletes.toPositionIndex(CloseableIterable.empty()));
    }
}
