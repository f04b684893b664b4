package io.millrace.local.deadletter;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.millrace.schemas.replay.ReplayRequest;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.apache.iceberg.data.Record;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code ops.dead_letters}; its key is masked as in the targets.
 *
 * @param id names the dead letter
 * @param state new, replayed or discarded
 * @param outcome what became of a replay
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Letter(
        String id,
        String pipeline,
        String code,
        String reason,
        String source,
        @Nullable String sourceTable,
        @Nullable String rowKey,
        @Nullable Long positionTransaction,
        @Nullable Long positionOffset,
        @Nullable String eventTime,
        @Nullable String watermark,
        String firstSeen,
        @Nullable String stream,
        @Nullable String shard,
        @Nullable String sequenceNumber,
        @Nullable String partitionKey,
        String state,
        int attempt,
        @Nullable String outcome,
        @Nullable String reviewedBy,
        @Nullable String reviewedAt,
        @Nullable String note) {

    static Letter of(Record row) {
        return new Letter(
                required(row, "id"),
                required(row, "pipeline"),
                required(row, "code"),
                required(row, "reason"),
                required(row, "source"),
                text(row, "source_table"),
                text(row, "row_key"),
                (Long) row.getField("position_transaction"),
                (Long) row.getField("position_offset"),
                time(row, "event_time"),
                time(row, "watermark"),
                Objects.requireNonNull(time(row, "first_seen")),
                text(row, "stream"),
                text(row, "shard"),
                text(row, "sequence_number"),
                text(row, "partition_key"),
                required(row, "state"),
                (Integer) Objects.requireNonNull(row.getField("attempt")),
                text(row, "outcome"),
                text(row, "reviewed_by"),
                time(row, "reviewed_at"),
                text(row, "note"));
    }

    /** The table, or the source where none is known. */
    String tableOrSource() {
        return sourceTable == null ? source : sourceTable;
    }

    /** The decision about this letter, for the job. */
    ReplayRequest.Head decide(ReplayRequest.Action action, String by, Instant at, @Nullable String note) {
        return new ReplayRequest.Head(
                action,
                by,
                ChronoUnit.MICROS.between(Instant.EPOCH, at),
                note,
                id,
                attempt,
                code,
                reason,
                source,
                sourceTable,
                rowKey,
                positionTransaction,
                positionOffset,
                micros(eventTime),
                micros(watermark),
                Objects.requireNonNull(micros(firstSeen)),
                stream,
                shard,
                sequenceNumber,
                partitionKey);
    }

    private static String required(Record row, String column) {
        return Objects.requireNonNull(text(row, column), column);
    }

    private static @Nullable String text(Record row, String column) {
        Object value = row.getField(column);
        return value == null ? null : value.toString();
    }

    private static @Nullable String time(Record row, String column) {
        return row.getField(column) instanceof OffsetDateTime time
                ? time.toInstant().toString()
                : null;
    }

    private static @Nullable Long micros(@Nullable String time) {
        return time == null ? null : (Long) ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(time));
    }
}
