package io.millrace.stream.replay;

import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.Operation;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowChange;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.event.SourcePosition;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.replay.ReplayRequest;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.deadletter.DeadLetters;
import io.millrace.stream.deadletter.Review;
import io.millrace.stream.deadletter.Review.State;
import io.millrace.stream.decode.DecodedChange;
import io.millrace.stream.decode.Replay;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes dead letters, records and changes of replay requests. */
public final class Replays {

    private Replays() {}

    /** The dead letter that a request is about, with the decision in its review, and without its record. */
    public static DeadLetter letter(ReplayRequest request) {
        ReplayRequest.Head head = request.head();
        Long transaction = head.positionTransaction();
        Long offset = head.positionOffset();
        Long watermark = head.watermarkMicros();
        return new DeadLetter(
                head.id(),
                code(head.code()),
                head.reason(),
                head.source(),
                head.table(),
                head.table() == null || head.key() == null ? null : new RowKey(head.table(), head.key()),
                transaction == null || offset == null ? null : new SourcePosition(transaction, offset),
                head.eventTimeMicros(),
                watermark == null ? null : (Long) (watermark / 1000),
                head.firstSeenMicros(),
                null,
                new Review(
                        head.action() == ReplayRequest.Action.DISCARD ? State.DISCARDED : State.REPLAYED,
                        head.attempt(),
                        head.by(),
                        head.atMicros(),
                        head.note(),
                        null));
    }

    /** Codes may have been renamed since the letter was written. */
    private static DeadLetterCode code(String name) {
        for (DeadLetterCode code : DeadLetterCode.values()) {
            if (code.name().equals(name)) {
                return code;
            }
        }
        return DeadLetterCode.MALFORMED;
    }

    /** The request's record, still sealed, as it stood on its own stream. */
    public static RawRecord record(ReplayRequest request) {
        ReplayRequest.Head head = request.head();
        return new RawRecord(
                head.source(),
                orEmpty(head.stream()),
                orEmpty(head.shard()),
                orEmpty(head.sequence()),
                head.partitionKey(),
                Math.floorDiv(head.firstSeenMicros(), 1000),
                request.sealed());
    }

    /** Whether a record is a change that a target had refused, in the job's own format. */
    public static boolean isRefusedByTarget(RawRecord record) {
        return record.stream().isEmpty();
    }

    /** Those of a record's changes that a dead letter is about: all of them, or the one that was refused. */
    public static List<ChangeEvent> meant(DeadLetter letter, RawRecord record, List<ChangeEvent> changes) {
        String id = record.id();
        return letter.id().equals(id)
                ? changes
                : changes.stream()
                        .filter(change -> DeadLetters.changeId(id, change).equals(letter.id()))
                        .toList();
    }

    /** A change that a target had refused, to be given to the targets once more. */
    public static DecodedChange again(RowChange change, RawRecord record, DeadLetter letter) {
        String[] names = change.key().table().split("\\.", 3);
        Row row = change instanceof RowChange.Upsert upsert ? upsert.row() : null;
        ChangeEvent event = new ChangeEvent(
                new TableId(names[0], part(names, 1), part(names, 2)),
                change.key(),
                row == null ? Operation.DELETE : Operation.UPDATE,
                null,
                row,
                null,
                change.eventTimeMicros());
        return DecodedChange.of(event, record).as(new Replay(letter, change.version()));
    }

    private static String part(String[] names, int index) {
        return index < names.length ? Objects.requireNonNull(names[index]) : "";
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
