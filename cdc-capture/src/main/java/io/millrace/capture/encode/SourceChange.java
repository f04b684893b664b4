package io.millrace.capture.encode;

import io.millrace.schemas.event.TableId;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * A change of a captured table, as Debezium tells it.
 *
 * @param table the table
 * @param key Debezium's key; null for a change of the table as a whole
 * @param envelope Debezium's envelope, with the position that {@link SnapshotOrder} has given it
 */
public record SourceChange(TableId table, @Nullable Struct key, Struct envelope) {}
