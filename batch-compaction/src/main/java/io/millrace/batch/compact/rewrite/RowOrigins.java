package io.millrace.batch.compact.rewrite;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * Where each row of a rewritten file came from: its origin, an input's number and a position in that input, in the order of
 * the rows. It stands beside the file until the file is committed, and answers the one question that matters then: where a
 * row is now that was deleted in an input meanwhile.
 *
 * <p>Format: a deflated sequence of pairs, no header. Each number is a variable-length integer of seven bits a byte, lowest
 * first; the position is the zigzag-coded difference to the last position of the same input. Inputs that were sorted
 * already shrink to little more than a byte a row.
 */
final class RowOrigins {
    private RowOrigins() {}

    /** Takes rows in order, as they are read back. */
    @FunctionalInterface
    interface Reader {
        /**
         * Takes a row.
         *
         * @param row the row's position in the rewritten file
         * @param input the number of the input that had it
         * @param position its position in that input
         */
        void row(long row, int input, long position);
    }

    /** Writes the origins of one file. */
    static final class Writer implements AutoCloseable {
        private final DataOutputStream out;
        private final long[] last;

        Writer(OutputStream out, int inputs) {
            this.out = new DataOutputStream(new BufferedOutputStream(new DeflaterOutputStream(out), 1 << 16));
            this.last = new long[inputs];
        }

        void add(int input, long position) throws IOException {
            writeVariable(input);
            long difference = position - last[input];
            last[input] = position;
            writeVariable((difference << 1) ^ (difference >> 63));
        }

        private void writeVariable(long value) throws IOException {
            long rest = value;
            while ((rest & ~0x7FL) != 0) {
                out.writeByte((int) ((rest & 0x7F) | 0x80));
                rest >>>= 7;
            }
            out.writeByte((int) rest);
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    /** Reads the origins of a file of so many rows; closes the stream. */
    static void read(InputStream stream, int inputs, long rows, Reader reader) throws IOException {
        long[] last = new long[inputs];
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(new InflaterInputStream(stream), 1 << 16))) {
            for (long row = 0; row < rows; row++) {
                int input = Math.toIntExact(readVariable(in));
                long coded = readVariable(in);
                last[input] += (coded >>> 1) ^ -(coded & 1);
                reader.row(row, input, last[input]);
            }
            if (in.read() >= 0) {
                throw new IOException("Cannot trust the origins of a rewritten file: they go on after its last row");
            }
        } catch (EOFException e) {
            throw new IOException("Cannot trust the origins of a rewritten file: they end before its last row", e);
        }
    }

    private static long readVariable(DataInputStream in) throws IOException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = in.readByte();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IOException("Cannot trust the origins of a rewritten file: a number has no end");
    }
}
