package io.millrace.local.reconcile;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/**
 * How a target compares with the source.
 *
 * @param target {@code iceberg} or {@code opensearch}
 * @param name the Iceberg table or the index
 * @param sourceRows rows of the source
 * @param targetRows rows of the target
 * @param rowsRead rows of the target that were compared one by one
 * @param bytes bytes that came from the target
 * @param differences rows that differ and did not become equal while one waited
 * @param unchecked more rows that looked different, too many to look at again
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record TargetResult(
        String target,
        String name,
        long sourceRows,
        long targetRows,
        long rowsRead,
        long bytes,
        List<Difference> differences,
        long unchecked) {

    /** Rows that differ. */
    public long mismatches() {
        return differences.size() + unchecked;
    }

    /** Rows that differ in one way. */
    public long count(Difference.Kind kind) {
        return differences.stream().filter(each -> each.kind() == kind).count();
    }
}
