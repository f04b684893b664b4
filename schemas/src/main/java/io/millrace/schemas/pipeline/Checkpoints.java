package io.millrace.schemas.pipeline;

import java.io.Serializable;
import java.time.Duration;

/**
 * How often the job's state is made durable.
 *
 * @param interval the time between two checkpoints; each ends with a commit to Iceberg
 */
public record Checkpoints(Duration interval) implements Serializable {}
