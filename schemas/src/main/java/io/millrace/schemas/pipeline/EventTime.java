package io.millrace.schemas.pipeline;

import java.io.Serializable;
import java.time.Duration;
import java.util.Map;

/**
 * How time is read off the events, and what is done with those whose time is wrong.
 *
 * @param outOfOrderness how much later than younger events an event may come before it counts as behind the watermark
 * @param idleness after how long without an event a shard no longer holds back the watermark
 * @param maxAhead how far an event's time may be after its arrival; further ahead it is a dead letter
 * @param lateness what is late, for tables that do not say otherwise
 * @param tables for tables that say otherwise, by their full name
 */
public record EventTime(
        Duration outOfOrderness, Duration idleness, Duration maxAhead, Lateness lateness, Map<String, Lateness> tables)
        implements Serializable {

    /** What is late in a table. */
    public Lateness lateness(String table) {
        return tables.getOrDefault(table, lateness);
    }
}
