package io.millrace.schemas.replay;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * How a request lies in its record.
 *
 * <pre>
 * magic | length of the head, 4 bytes | head | rest
 * </pre>
 *
 * @param head a JSON object
 * @param rest what is sealed
 */
record Frame(byte[] head, byte[] rest) {

    static boolean begins(byte[] magic, byte[] data) {
        return data.length >= magic.length && Arrays.equals(data, 0, magic.length, magic, 0, magic.length);
    }

    byte[] encode(byte[] magic) {
        return ByteBuffer.allocate(magic.length + Integer.BYTES + head.length + rest.length)
                .put(magic)
                .putInt(head.length)
                .put(head)
                .put(rest)
                .array();
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @param what what it should be, for the message
     * @throws IllegalArgumentException if it is something else
     */
    static Frame parse(byte[] magic, byte[] data, String what) {
        int start = magic.length + Integer.BYTES;
        if (data.length < start || !begins(magic, data)) {
            throw new IllegalArgumentException("Cannot read " + what + ": it does not begin like one");
        }
        int length = ByteBuffer.wrap(data).getInt(magic.length);
        if (length < 0 || length > data.length - start) {
            throw new IllegalArgumentException("Cannot read " + what + ": it is cut off");
        }
        return new Frame(
                Arrays.copyOfRange(data, start, start + length), Arrays.copyOfRange(data, start + length, data.length));
    }
}
