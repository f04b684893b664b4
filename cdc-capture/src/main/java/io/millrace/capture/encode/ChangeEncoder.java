package io.millrace.capture.encode;

import io.millrace.capture.publish.StreamRecord;
import java.util.List;

/**
 * Turns changes into the records of one format.
 *
 * <p>Called again with the same change if it throws what may pass. Not safe for use by several threads.
 */
@FunctionalInterface
public interface ChangeEncoder {

    /** The records that tell of a change, in this order; none if the stream's readers have nothing to learn from it. */
    List<StreamRecord> encode(SourceChange change);
}
