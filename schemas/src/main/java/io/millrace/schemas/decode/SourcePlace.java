package io.millrace.schemas.decode;

import io.millrace.schemas.event.BinlogPosition;
import io.millrace.schemas.event.SourcePosition;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What an envelope's {@code source} says of where the change stands. One object, set anew for each record.
 *
 * <pre>
 * PostgreSQL   lsn, and of sequence ["S","L"] the first: Millrace's capture puts the snapshot's LSN there
 * MariaDB      sequence ["T","R"] of Millrace's capture, which knows more than one log numbering; else file, pos and row
 * </pre>
 */
final class SourcePlace {
    private static final String INCREMENTAL = "incremental";

    private @Nullable Long lsn;
    private @Nullable Long offset;
    private @Nullable Long row;
    private @Nullable Long first;
    private @Nullable Long second;

    void clear() {
        lsn = null;
        offset = null;
        row = null;
        first = null;
        second = null;
    }

    void lsn(@Nullable Long number) {
        lsn = number;
    }

    void offset(@Nullable Long number) {
        offset = number;
    }

    void row(@Nullable Long number) {
        row = number;
    }

    void row(int number) {
        row = (long) number;
    }

    /** Takes {@code ["24023120","24023128"]}, whose numbers may be null. */
    void sequence(@Nullable String text) {
        first = null;
        second = null;
        if (text == null || !text.startsWith("[")) {
            return;
        }
        int comma = text.indexOf(',');
        first = number(text, 1, comma < 0 ? text.length() - 1 : comma);
        second = comma < 0 ? null : number(text, comma + 1, text.length() - 1);
    }

    /** The number between quotes. */
    private static @Nullable Long number(String text, int from, int to) {
        if (to - from < 3 || text.charAt(from) != '"' || text.charAt(to - 1) != '"') {
            return null;
        }
        try {
            return Long.parseUnsignedLong(text, from + 1, to - 1, 10);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /**
     * The change's position; null if the source does not say.
     *
     * @param marker {@code source.snapshot}
     * @param file {@code source.file}, empty if there is none
     */
    @Nullable
    SourcePosition position(boolean isSnapshot, String marker, String file) {
        if (lsn != null) {
            return ofLsn(lsn, isSnapshot, marker);
        }
        if (first != null && second != null) {
            return new SourcePosition(first, second);
        }
        return offset == null ? null : ofBinlog(file, offset, isSnapshot);
    }

    /**
     * Without a last commit a change is taken for one of the first transaction that began after a snapshot: its own LSN then
     * orders it after the snapshot's rows and before the transactions that follow. A row of an incremental snapshot stands
     * among the changes, where its sequence says.
     */
    private SourcePosition ofLsn(long at, boolean isSnapshot, String marker) {
        if (isSnapshot && (first == null || !marker.equals(INCREMENTAL))) {
            return new SourcePosition(at, 0);
        }
        return new SourcePosition(first == null ? at : first, at);
    }

    private @Nullable SourcePosition ofBinlog(String file, long at, boolean isSnapshot) {
        OptionalLong log = BinlogPosition.logNumber(file);
        if (log.isEmpty() || at < 0 || at > 0xffff_ffffL) {
            return null;
        }
        return isSnapshot
                ? BinlogPosition.ofRead(log.getAsLong(), at)
                : BinlogPosition.ofChange(log.getAsLong(), at, row == null ? 0 : Math.max(row, 0));
    }
}
