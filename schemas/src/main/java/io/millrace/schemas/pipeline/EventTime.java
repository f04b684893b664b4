package io.millrace.schemas.pipeline;

import java.io.Serializable;
import java.time.Duration;

/**
 * How time is read off the events.
 *
 * @param outOfOrderness how much later than younger events an event may come before it counts as behind the watermark
 * @param idleness after how long without an event a shard no longer holds back the watermark
 */
public record EventTime(Duration outOfOrderness, Duration idleness) implements Serializable {}
