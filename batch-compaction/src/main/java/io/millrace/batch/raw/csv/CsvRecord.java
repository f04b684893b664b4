package io.millrace.batch.raw.csv;

import org.jspecify.annotations.Nullable;

/**
 * A record of a CSV file.
 *
 * @param line the line in the file on which it begins, from 1
 * @param raw its bytes, without the line end
 * @param texts its values as they are written, without quotes; empty if there is a problem
 * @param quoted whether each value was quoted
 * @param problem why it cannot be read; null if it can
 */
public record CsvRecord(
        long line,
        byte[] raw,
        String[] texts,
        boolean[] quoted,
        @Nullable String problem) {

    /** A line with nothing on it. */
    public boolean isBlank() {
        return problem == null && raw.length == 0;
    }

    /** A record that cannot be read. */
    static CsvRecord broken(long line, byte[] raw, String problem) {
        return new CsvRecord(line, raw, new String[0], new boolean[0], problem);
    }
}
