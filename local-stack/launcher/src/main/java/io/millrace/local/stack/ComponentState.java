package io.millrace.local.stack;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/**
 * Where a component is in its life.
 *
 * <pre>
 * WAITING → STARTING → HEALTHY → STOPPED
 *              ↑          │ dies
 *              └─ BACKOFF ┘──→ FAILED  (gave up)
 * </pre>
 */
public enum ComponentState {
    /** Not started yet: what it needs is not there. */
    @JsonProperty("waiting")
    WAITING,
    /** Its process runs and does not answer yet. */
    @JsonProperty("starting")
    STARTING,
    /** It answers. */
    @JsonProperty("healthy")
    HEALTHY,
    /** Its process died; another one starts in a moment. */
    @JsonProperty("backoff")
    BACKOFF,
    /** It does not start, or died too often. */
    @JsonProperty("failed")
    FAILED,
    /** It was stopped on request. */
    @JsonProperty("stopped")
    STOPPED;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
