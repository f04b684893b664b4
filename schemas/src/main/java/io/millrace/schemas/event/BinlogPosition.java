package io.millrace.schemas.event;

import java.util.OptionalLong;

/**
 * Where a row's change stands in the binary log of MariaDB or MySQL, as a {@link SourcePosition}.
 *
 * <pre>
 * start    = log number (29 bits) | offset of the event in the log (33 bits)
 * position = (start, start + 1 + row)     of a change, rows counted from 0 within their event
 *            (start, start)               of rows that were read when the log ended there
 * </pre>
 *
 * <p>Logs are written in the order of commits, and a row that is changed is locked until its transaction is committed; so the
 * positions of a row's changes grow. One event holds many rows, and may change one key twice (a statement that shifts
 * keys), so the row decides where the start is the same. The row counts as if it took one byte, and it takes at least one:
 * the second number alone orders the changes of a log as well.
 */
public final class BinlogPosition {
    /** Logs are numbered from 1; so many take centuries of a log a minute. */
    public static final long MOST_LOGS = (1L << 29) - 1;

    private static final int OFFSET_BITS = 33;

    private BinlogPosition() {}

    /**
     * The number of a log file, which is behind the last dot of its name and grows beyond the digits that it begins with.
     *
     * @param file such as {@code mariadb-bin.000009}
     * @return empty if the name has none
     */
    public static OptionalLong logNumber(String file) {
        int dot = file.lastIndexOf('.');
        String digits = file.substring(dot + 1);
        if (dot < 0
                || digits.isEmpty()
                || digits.length() > 10
                || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return OptionalLong.empty();
        }
        long number = Long.parseLong(digits);
        return number <= MOST_LOGS ? OptionalLong.of(number) : OptionalLong.empty();
    }

    /**
     * The position of a change.
     *
     * @param log the log's number
     * @param offset where the event begins in it, below 2³³
     * @param row the row's place in the event, from 0
     */
    public static SourcePosition ofChange(long log, long offset, long row) {
        long start = start(log, offset);
        return new SourcePosition(start, start + 1 + row);
    }

    /** The position of rows that hold all that was in the log up to an offset, and nothing else. */
    public static SourcePosition ofRead(long log, long offset) {
        long start = start(log, offset);
        return new SourcePosition(start, start);
    }

    private static long start(long log, long offset) {
        if (log < 0 || log > MOST_LOGS || offset < 0 || offset >= 1L << OFFSET_BITS) {
            throw new IllegalArgumentException("Cannot place a change in log " + log + " at offset " + offset);
        }
        return log << OFFSET_BITS | offset;
    }
}
