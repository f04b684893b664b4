package io.millrace.schemas.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * How a request lies in its record.
 *
 * <pre>
 * magic | length of the head, 4 bytes | head, JSON | rest
 * </pre>
 *
 * @param head what is not sealed; null if its JSON says so
 * @param rest what is sealed
 */
record Frame<H>(H head, byte[] rest) {
    static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    static boolean begins(byte[] magic, byte[] data) {
        return data.length >= magic.length && Arrays.equals(data, 0, magic.length, magic, 0, magic.length);
    }

    byte[] encode(byte[] magic) {
        byte[] json = json(head);
        return ByteBuffer.allocate(magic.length + Integer.BYTES + json.length + rest.length)
                .put(magic)
                .putInt(json.length)
                .put(json)
                .put(rest)
                .array();
    }

    static byte[] json(Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Cannot write JSON to memory", e);
        }
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @param what what it should be, for the message
     * @throws IllegalArgumentException if it is something else
     */
    static <H> Frame<H> parse(byte[] magic, byte[] data, Class<H> type, String what) {
        int start = magic.length + Integer.BYTES;
        if (data.length < start || !begins(magic, data)) {
            throw new IllegalArgumentException("Cannot read " + what + ": it does not begin like one");
        }
        int length = ByteBuffer.wrap(data).getInt(magic.length);
        if (length < 0 || length > data.length - start) {
            throw new IllegalArgumentException("Cannot read " + what + ": it is cut off");
        }
        try {
            return new Frame<>(
                    JSON.readValue(data, start, length, type), Arrays.copyOfRange(data, start + length, data.length));
        } catch (IOException e) {
            // Without the cause, which may quote the head.
            throw new IllegalArgumentException("Cannot read " + what + ": its head is no JSON of one");
        }
    }
}
