package io.millrace.batch.compact.rewrite;

import java.util.List;
import java.util.Map;
import org.apache.iceberg.DeleteFile;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/**
 * What was deleted in the inputs of a rewrite between its start and a later snapshot.
 *
 * @param positions for each input the positions that were deleted since; may repeat earlier deletes
 * @param ofInputs delete files of the later snapshot, old and new, that bear on one input and nothing else
 * @param shared new delete files that bear on inputs and perhaps on others
 */
record DeletesSince(List<Roaring64Bitmap> positions, List<DeleteFile> ofInputs, List<Shared> shared) {

    /**
     * A delete file that bears on inputs, and perhaps on others.
     *
     * @param ofOthers what it says of other data files, by their addresses
     */
    record Shared(DeleteFile file, Map<String, Roaring64Bitmap> ofOthers) {}

    boolean any() {
        return positions.stream().anyMatch(deleted -> !deleted.isEmpty());
    }
}
