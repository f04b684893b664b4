package io.millrace.schemas.decode;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A cursor over bytes in Avro's binary encoding.
 *
 * <p>Avro's own decoder allocates what a length says before it looks whether so many bytes are there; this one never
 * allocates more than is left to read, whatever the bytes say.
 *
 * @see <a href="https://avro.apache.org/docs/1.12.0/specification/#binary-encoding">Avro specification, binary encoding</a>
 */
final class AvroBytes {
    private byte[] data = {};
    private ByteBuffer words = ByteBuffer.wrap(data);
    private int at;
    private int end;

    /** The bytes do not hold what their schema says. */
    static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Broken(String message) {
            super(message, null, false, false);
        }
    }

    /** Moves the cursor to the beginning of other bytes, which are to have an array. */
    void open(ByteBuffer body) {
        data = body.array();
        words = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        at = body.arrayOffset() + body.position();
        end = at + body.remaining();
    }

    int remaining() {
        return end - at;
    }

    boolean readBoolean() {
        need(1);
        byte value = data[at++];
        if (value < 0 || value > 1) {
            throw new Broken("a boolean is neither 0 nor 1");
        }
        return value == 1;
    }

    int readInt() {
        long value = readLong();
        if (value != (int) value) {
            throw new Broken("an int has more than 32 bits");
        }
        return (int) value;
    }

    long readLong() {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            need(1);
            byte next = data[at++];
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new Broken("a number has more than 10 bytes");
    }

    float readFloat() {
        need(Float.BYTES);
        at += Float.BYTES;
        return words.getFloat(at - Float.BYTES);
    }

    double readDouble() {
        need(Double.BYTES);
        at += Double.BYTES;
        return words.getDouble(at - Double.BYTES);
    }

    /** The number of a union's branch. */
    int readBranch(int branches) {
        int branch = readInt();
        if (branch < 0 || branch >= branches) {
            throw new Broken("a union has no such branch");
        }
        return branch;
    }

    /** A length of bytes, all of which are there. */
    int readLength() {
        long length = readLong();
        if (length < 0 || length > remaining()) {
            throw new Broken("a length goes beyond the end");
        }
        return (int) length;
    }

    /**
     * The number of elements in the next block of an array or map; 0 at its end.
     *
     * <p>Every element takes a byte at least, so more elements than bytes cannot be.
     */
    int readBlock() {
        long count = readLong();
        if (count < 0) {
            // A negative count is followed by the block's size in bytes, for readers that skip it.
            readLong();
            count = -count;
        }
        if (count < 0 || count > remaining()) {
            throw new Broken("a block has more elements than bytes");
        }
        return (int) count;
    }

    byte[] readBytes(int length) {
        byte[] bytes = Arrays.copyOfRange(data, at, at + length);
        at += length;
        return bytes;
    }

    /** A text of so many bytes; null if they are not UTF-8. */
    @Nullable
    String readText(int length) {
        String text = new String(data, at, length, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') >= 0 && !isUtf8(length)) {
            at += length;
            return null;
        }
        at += length;
        return text;
    }

    private boolean isUtf8(int length) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(data, at, length));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** Whether the next bytes are these; does not move. */
    boolean areNext(byte[] bytes) {
        return bytes.length <= remaining() && Arrays.equals(data, at, at + bytes.length, bytes, 0, bytes.length);
    }

    void skip(int length) {
        need(length);
        at += length;
    }

    private void need(int length) {
        if (length > end - at) {
            throw new Broken("it ends too early");
        }
    }
}
