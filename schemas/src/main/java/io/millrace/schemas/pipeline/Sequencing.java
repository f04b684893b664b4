package io.millrace.schemas.pipeline;

import java.io.Serializable;
import java.time.Duration;

/**
 * How long the sequence step remembers what it needs no longer for ever.
 *
 * @param deduplicationWindow for how much event time a change without a position is recognised when it comes again
 * @param tombstoneRetention for how much event time a deleted row's last position is kept
 */
public record Sequencing(Duration deduplicationWindow, Duration tombstoneRetention) implements Serializable {}
