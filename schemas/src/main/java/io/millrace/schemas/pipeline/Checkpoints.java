package io.millrace.schemas.pipeline;

import java.io.Serializable;
import java.time.Duration;

/**
 * How often the job's state is made durable.
 *
 * @param interval the time between two checkpoints
 * @param commitInterval the least time between two commits to Iceberg; zero commits with every checkpoint
 */
public record Checkpoints(Duration interval, Duration commitInterval) implements Serializable {}
