package io.millrace.schemas.decode;

import io.millrace.schemas.event.SourcePosition;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a change stands, by what DMS says of its transaction; see docs/decisions/0010-json-formats.md for why the positions of
 * a key never go back.
 *
 * <pre>
 * PostgreSQL   00000002/7C0073F8.2.00000002/7C0073F8              LSN . number . LSN
 * MySQL        mysql-bin-changelog.000024:3697:-1:3792:…          binlog file . its number : offset : …
 * </pre>
 */
final class DmsPosition {
    /** Rows that DMS loads stand before every change. */
    static final SourcePosition LOADED = new SourcePosition(0, 0);

    private static final Pattern LSNS = Pattern.compile(
            "([0-9A-Fa-f]{1,8})/([0-9A-Fa-f]{1,8})\\.([0-9]{1,9})\\.([0-9A-Fa-f]{1,8})/([0-9A-Fa-f]{1,8})");
    private static final Pattern BINLOG = Pattern.compile("[^:]*\\.([0-9]{1,9}):([0-9]{1,10})(:.*)?");

    /** The bits of a record's place in its transaction that are left for the number between the LSNs. */
    private static final int NUMBER_BITS = 4;

    private static final long MAX_NUMBER = (1 << NUMBER_BITS) - 1;

    private DmsPosition() {}

    /**
     * A change's position.
     *
     * @param streamPosition {@code stream-position}
     * @param transaction {@code transaction-id}
     * @param record {@code transaction-record-id}: its place in the transaction, from 1
     * @return null if what is there says nothing
     */
    static @Nullable SourcePosition of(
            @Nullable String streamPosition, @Nullable Long transaction, @Nullable Long record) {
        if (streamPosition != null) {
            Matcher lsns = LSNS.matcher(streamPosition);
            if (lsns.matches()) {
                return ofLsns(
                        lsn(lsns.group(1), lsns.group(2)),
                        lsn(lsns.group(4), lsns.group(5)),
                        Long.parseLong(lsns.group(3)),
                        record);
            }
            Matcher binlog = BINLOG.matcher(streamPosition);
            if (binlog.matches()) {
                long file = Long.parseLong(binlog.group(1));
                return new SourcePosition(
                        file << 32 | Long.parseLong(binlog.group(2)) & 0xffff_ffffL, record == null ? 0 : record);
            }
        }
        return transaction == null ? null : new SourcePosition(transaction, record == null ? 0 : record);
    }

    private static SourcePosition ofLsns(long first, long second, long number, @Nullable Long record) {
        long transaction = Long.compareUnsigned(first, second) >= 0 ? first : second;
        if (record != null) {
            return new SourcePosition(transaction, record << NUMBER_BITS | Math.min(number, MAX_NUMBER));
        }
        return new SourcePosition(transaction, first == second ? number : Math.min(first, second));
    }

    private static long lsn(String high, String low) {
        return Long.parseLong(high, 16) << 32 | Long.parseLong(low, 16);
    }
}
