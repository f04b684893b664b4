package io.millrace.stream.deadletter;

import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.decode.Decoding;
import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.RowChange;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Makes dead letters where records are refused. */
public final class DeadLetters {

    private DeadLetters() {}

    /** A record that could not be decoded. */
    public static DeadLetter ofRecord(RawRecord raw, Decoding.Rejected rejected) {
        return new DeadLetter(
                idOf(raw),
                rejected.code(),
                rejected.reason(),
                raw.source(),
                rejected.table(),
                rejected.key(),
                null,
                null,
                raw.arrivalMillis() * 1000,
                raw);
    }

    /** A change of a record, refused after decoding. */
    public static DeadLetter ofChange(RawRecord raw, ChangeEvent change, DeadLetterCode code, String reason) {
        return new DeadLetter(
                // A changed primary key makes two changes of one record.
                idOf(raw) + "/" + change.key().documentId(),
                code,
                reason,
                raw.source(),
                change.key().table(),
                change.key(),
                change.position(),
                change.eventTimeMicros(),
                raw.arrivalMillis() * 1000,
                raw);
    }

    /** A change that a target refused. */
    public static DeadLetter ofTarget(RowChange change, DeadLetterCode code, String reason) {
        String table = change.key().table();
        return new DeadLetter(
                table + "/" + change.key().documentId() + "/" + change.version(),
                code,
                reason,
                table.substring(0, Math.max(0, table.indexOf('.'))),
                table,
                change.key(),
                null,
                change.eventTimeMicros(),
                change.eventTimeMicros(),
                null);
    }

    /**
     * The record's coordinates and, as Kinesis gives all records of an aggregate one sequence number, a hash of its bytes.
     */
    private static String idOf(RawRecord raw) {
        return raw.source() + "/" + raw.shard() + "/" + raw.sequence() + "/" + hash(raw.data());
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Cannot hash: every Java platform has SHA-256", e);
        }
    }
}
