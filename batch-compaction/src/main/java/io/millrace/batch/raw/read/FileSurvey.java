package io.millrace.batch.raw.read;

import io.millrace.batch.raw.csv.FileLayout;
import io.millrace.batch.raw.infer.TypeEvidence;
import io.millrace.batch.raw.land.LandedFile;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a look at a file has shown.
 *
 * @param sha256 of its bytes, in hexadecimal
 * @param layout where its values are; null if it has no lines
 * @param records how many lines it has, those that cannot be read included, the header not
 * @param problem why it cannot be read as a whole; empty if it can
 */
public record FileSurvey(
        LandedFile file, String sha256, @Nullable FileLayout layout, long records, String problem)
        implements Serializable {

    /** Whether it can be read. */
    public boolean isReadable() {
        return problem.isEmpty();
    }

    /** How many values its lines have, operation and time not counted. */
    public int fields() {
        return layout == null ? 0 : layout.places().size();
    }

    /**
     * What a task has found.
     *
     * @param evidence what columns hold, by name or place
     */
    record Found(List<FileSurvey> files, Map<String, TypeEvidence> evidence) implements Serializable {}
}
