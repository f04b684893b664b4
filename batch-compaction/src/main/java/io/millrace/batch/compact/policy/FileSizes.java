package io.millrace.batch.compact.policy;

/**
 * Decides where the files of a rewrite end, so that all but the last are within a quarter of the target, and the last too
 * where that is possible.
 *
 * <p>What is left to write is known as a number of rows, and after the first file also what a row takes. What is left is cut
 * evenly into as many files as fit best; only what is between 1.25 and 1.6 targets does not cut evenly, and leaves a small
 * last file. Before the first file is closed its size is judged by the sizes of the inputs.
 *
 * <p>A Parquet writer tells a size that counts pages not compressed yet. How far it is off is learned from the files closed.
 */
public final class FileSizes {
    /** The most that a file is larger than the target. */
    private static final double SLACK = 1.25;

    /** From here on what is left is cut into even files. */
    private static final double EVEN_FROM = 1.6;

    private final long targetBytes;
    private final long rowsExpected;
    private double bytesPerRow;
    private double realShare = 1;
    private long rowsClosed;
    private long bytesClosed;

    /**
     * @param targetBytes the size that files should have
     * @param expected what is to be written in all, as far as it is known
     */
    public FileSizes(long targetBytes, Expected expected) {
        this.targetBytes = targetBytes;
        this.rowsExpected = expected.rows();
        this.bytesPerRow = expected.rows() == 0 ? 0 : expected.bytes() / (double) expected.rows();
    }

    /**
     * What a rewrite is going to write.
     *
     * @param rows the rows; an estimate where one delete file bears on several data files
     * @param bytes their size in the inputs
     */
    public record Expected(long rows, long bytes) {}

    /**
     * How many files so much is going to be.
     *
     * @param targets what is to be written, in targets
     */
    static int count(double targets) {
        if (targets <= 0) {
            return 0;
        }
        if (targets <= SLACK) {
            return 1;
        }
        return targets < EVEN_FROM ? 2 : Math.toIntExact(Math.round(targets));
    }

    /** The size, as a Parquet writer tells it, at which the file that is about to be opened ends. */
    public long limit() {
        double left = (rowsExpected - rowsClosed) * bytesPerRow / targetBytes;
        double share;
        if (left <= SLACK) {
            share = SLACK;
        } else if (left < EVEN_FROM) {
            share = 1;
        } else {
            share = left / count(left);
        }
        return Math.max(1, Math.round(share * targetBytes / realShare));
    }

    /**
     * Takes note of a file.
     *
     * @param bytes its size
     * @param told the size that its writer told just before it was closed
     */
    public void closed(long rows, long bytes, long told) {
        rowsClosed += rows;
        bytesClosed += bytes;
        if (rowsClosed > 0) {
            bytesPerRow = bytesClosed / (double) rowsClosed;
        }
        if (told > 0 && bytes > 0) {
            realShare = bytes / (double) told;
        }
    }
}
