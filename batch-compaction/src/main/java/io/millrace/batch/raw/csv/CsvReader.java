package io.millrace.batch.raw.csv;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of a CSV file as RFC 4180 describes them: values in quotes may hold delimiters, quotes (doubled) and line
 * ends. Lines end with LF or CR LF; a byte order mark is passed over.
 *
 * <p>A record that cannot be read is returned as such, and costs its own line only: after a quote that is never closed, reading
 * goes on at the next line, and not at the end of the file. Memory is bounded by the longest record, of at most {@link
 * #MAX_RECORD_BYTES}.
 *
 * <p>The reader works on bytes, as the marks are ASCII and UTF-8 has no byte of ASCII in any other character.
 */
public final class CsvReader {
    /** A longer record is taken for one whose quote is not closed, or for no text at all. */
    public static final int MAX_RECORD_BYTES = 16 << 20;

    /** What is kept of a line that is too long. */
    private static final int KEPT_OF_LONG_LINES = 64 << 10;

    private static final int END = -1;
    private static final int NONE = -2;

    private final InputStream in;
    private final int delimiter;
    private final int quote;
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);

    private byte[] buffer = new byte[64 << 10];
    private int start;
    private int end;
    private boolean exhausted;
    private boolean begun;
    private long line = 1;

    private int[] froms = new int[64];
    private int[] tos = new int[64];
    private boolean[] quotes = new boolean[64];
    private int fields;

    /**
     * @param delimiter an ASCII character
     * @param quote an ASCII character; null if values are never quoted
     */
    public CsvReader(InputStream in, char delimiter, @Nullable Character quote) {
        this.in = in;
        this.delimiter = delimiter;
        this.quote = quote == null ? NONE : quote;
    }

    /** The next record; null at the end of the file. */
    public @Nullable CsvRecord next() throws IOException {
        if (!begun) {
            begun = true;
            if (at(0) == 0xEF && at(1) == 0xBB && at(2) == 0xBF) {
                start += 3;
            }
        }
        if (at(0) == END) {
            return null;
        }
        fields = 0;
        int position = 0;
        while (true) {
            int after = at(position) == quote ? quotedField(position) : plainField(position);
            if (after < 0) {
                return brokenLine(after == TOO_LONG ? "a value is not closed, or is too long" : "a quote is misplaced");
            }
            if (at(after) == delimiter) {
                position = after + 1;
            } else {
                return record(after);
            }
        }
    }

    private static final int MISPLACED = -1;
    private static final int TOO_LONG = -2;

    /** Takes a value without quotes; where it ends. */
    private int plainField(int from) throws IOException {
        int position = from;
        int c = at(position);
        while (c != delimiter && c != '\n' && c != END) {
            position++;
            if (position > MAX_RECORD_BYTES) {
                return TOO_LONG;
            }
            c = at(position);
        }
        int to = position;
        if (c != delimiter && to > from && at(to - 1) == '\r') {
            to--;
        }
        add(from, to, false);
        return position;
    }

    /** Takes a value in quotes; what stands behind them, or what is wrong. */
    private int quotedField(int from) throws IOException {
        int position = from + 1;
        while (true) {
            int c = at(position);
            if (c == END || position > MAX_RECORD_BYTES) {
                return TOO_LONG;
            }
            if (c != quote) {
                position++;
            } else if (at(position + 1) == quote) {
                position += 2;
            } else {
                break;
            }
        }
        add(from + 1, position, true);
        int after = position + 1;
        int c = at(after);
        if (c == '\r' && (at(after + 1) == '\n' || at(after + 1) == END)) {
            return after + 1;
        }
        return c == delimiter || c == '\n' || c == END ? after : MISPLACED;
    }

    private void add(int from, int to, boolean quoted) {
        if (fields == froms.length) {
            froms = Arrays.copyOf(froms, 2 * fields);
            tos = Arrays.copyOf(tos, 2 * fields);
            quotes = Arrays.copyOf(quotes, 2 * fields);
        }
        froms[fields] = from;
        tos[fields] = to;
        quotes[fields] = quoted;
        fields++;
    }

    /** The record that ends here, before the line's end or the file's. */
    private CsvRecord record(int to) throws IOException {
        int length = to > 0 && buffer[start + to - 1] == '\r' ? to - 1 : to;
        byte[] raw = Arrays.copyOfRange(buffer, start, start + length);
        String[] texts = new String[fields];
        CsvRecord record;
        try {
            boolean ascii = isAscii(raw);
            for (int i = 0; i < fields; i++) {
                texts[i] = text(froms[i], tos[i], quotes[i], ascii);
            }
            record = new CsvRecord(line, raw, texts, Arrays.copyOf(quotes, fields), null);
        } catch (CharacterCodingException e) {
            record = CsvRecord.broken(line, raw, "it is not UTF-8");
        }
        goBehind(to);
        return record;
    }

    private String text(int from, int to, boolean quoted, boolean ascii) throws CharacterCodingException {
        int length = to - from;
        String text = ascii
                ? new String(buffer, start + from, length, StandardCharsets.ISO_8859_1)
                : utf8.decode(ByteBuffer.wrap(buffer, start + from, length)).toString();
        if (quoted && text.indexOf(quote) >= 0) {
            String mark = Character.toString(quote);
            return text.replace(mark + mark, mark);
        }
        return text;
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte one : bytes) {
            if (one < 0) {
                return false;
            }
        }
        return true;
    }

    /** Gives up the line that the record began on; the next one may be fine. */
    private CsvRecord brokenLine(String problem) throws IOException {
        int to = 0;
        while (to < MAX_RECORD_BYTES && at(to) != '\n' && at(to) != END) {
            to++;
        }
        boolean tooLong = at(to) != '\n' && at(to) != END;
        int kept = tooLong ? KEPT_OF_LONG_LINES : to;
        CsvRecord record = CsvRecord.broken(
                line, Arrays.copyOfRange(buffer, start, start + kept), tooLong ? "it is too long" : problem);
        while (tooLong && at(to) != '\n' && at(to) != END) {
            if (to >= MAX_RECORD_BYTES) {
                start += to;
                to = 0;
            } else {
                to++;
            }
        }
        goBehind(to);
        return record;
    }

    private void goBehind(int to) throws IOException {
        boolean lineEnd = at(to) == '\n';
        for (int i = 0; i < to; i++) {
            if (buffer[start + i] == '\n') {
                line++;
            }
        }
        start += to;
        if (lineEnd) {
            start++;
            line++;
        }
    }

    /** The byte at so many behind the record's start; {@link #END} behind the last. */
    private int at(int offset) throws IOException {
        while (start + offset >= end) {
            if (!fill()) {
                return END;
            }
        }
        return buffer[start + offset] & 0xFF;
    }

    private boolean fill() throws IOException {
        if (exhausted) {
            return false;
        }
        if (end == buffer.length) {
            if (start > buffer.length / 2) {
                System.arraycopy(buffer, start, buffer, 0, end - start);
                end -= start;
                start = 0;
            } else {
                buffer = Arrays.copyOf(buffer, 2 * buffer.length);
            }
        }
        int read = in.read(buffer, end, buffer.length - end);
        if (read < 0) {
            exhausted = true;
            return false;
        }
        end += read;
        return true;
    }
}
