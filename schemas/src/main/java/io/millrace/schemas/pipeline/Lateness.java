package io.millrace.schemas.pipeline;

import java.io.Serializable;
import java.time.Duration;

/**
 * Which changes are late, and what becomes of them.
 *
 * @param allowed how far behind the watermark a change may be before it is late
 * @param policy what becomes of late changes
 */
public record Lateness(Duration allowed, Policy policy) implements Serializable {

    /** What becomes of late changes that no newer change of their row has made void. */
    public enum Policy {
        /** They are kept aside, for somebody to look at and to replay. */
        DEAD_LETTER,
        /** They are applied. */
        APPLY,
        /** They are applied, and it is written down. */
        APPLY_AND_REPORT
    }
}
