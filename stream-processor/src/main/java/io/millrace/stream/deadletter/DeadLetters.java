package io.millrace.stream.deadletter;

import io.millrace.schemas.deadletter.RecordSeal;
import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.decode.Decoding;
import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.RowChange;
import java.util.Locale;

/** Makes dead letters where records are refused. */
public final class DeadLetters {

    private DeadLetters() {}

    /** A record that could not be decoded. */
    public static DeadLetter ofRecord(RawRecord raw, Decoding.Rejected rejected) {
        return new DeadLetter(
                raw.id(),
                rejected.code(),
                rejected.reason(),
                raw.source(),
                rejected.table(),
                rejected.key(),
                null,
                null,
                null,
                raw.arrivalMillis() * 1000,
                raw,
                Review.FIRST);
    }

    /** A change of a record, refused after decoding. */
    public static DeadLetter ofChange(RawRecord raw, ChangeEvent change, DeadLetterCode code, String reason) {
        return ofChange(raw.id(), raw, change, code, reason);
    }

    /**
     * A change of a record that is sealed.
     *
     * @param recordId the record's {@link RawRecord#id id}, which its sealed bytes do not tell
     */
    public static DeadLetter ofChange(
            String recordId, RawRecord raw, ChangeEvent change, DeadLetterCode code, String reason) {
        return new DeadLetter(
                changeId(recordId, change),
                code,
                reason,
                raw.source(),
                change.key().table(),
                change.key(),
                change.position(),
                change.eventTimeMicros(),
                null,
                raw.arrivalMillis() * 1000,
                raw,
                Review.FIRST);
    }

    /**
     * The id of a change's dead letter: of a record there may be two changes, a delete and an insert, when a primary key
     * changes.
     */
    public static String changeId(String recordId, ChangeEvent change) {
        return recordId + "/" + change.operation().name().toLowerCase(Locale.ROOT);
    }

    /**
     * A change that a target refused.
     *
     * @param bytes the change in the job's own format, for a replay
     */
    public static DeadLetter ofTarget(RowChange change, byte[] bytes, DeadLetterCode code, String reason) {
        String table = change.key().table();
        String source = table.substring(0, Math.max(0, table.indexOf('.')));
        return new DeadLetter(
                table + "/" + change.key().documentId() + "/" + change.version() + "/"
                        + code.name().toLowerCase(Locale.ROOT),
                code,
                reason,
                source,
                table,
                change.key(),
                null,
                change.eventTimeMicros(),
                null,
                change.eventTimeMicros(),
                new RawRecord(
                        source,
                        "",
                        "",
                        Long.toString(change.version()),
                        null,
                        change.eventTimeMicros() / 1000,
                        RecordSeal.plain(bytes)),
                Review.FIRST);
    }
}
