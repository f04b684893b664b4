package io.millrace.schemas.registry;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.UUID;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The frame of the Glue Schema Registry around a record: the id of the schema that its body was written with.
 *
 * <pre>
 * 03 | 00 plain, 05 zlib | schema id, 16 bytes | body
 * </pre>
 *
 * @param schemaId the id of the body's schema
 * @param body the record, not compressed; not to be changed
 * @see <a href="https://github.com/awslabs/aws-glue-schema-registry">AWS Glue Schema Registry library</a>
 */
public record GlueFrame(UUID schemaId, ByteBuffer body) {
    /** A body grows to at most this many bytes; more is taken for an attack or an accident, not for a row. */
    public static final int MAX_BODY_BYTES = 64 << 20;

    private static final int FIRST_GUESS_BYTES = 256 * 1024;
    private static final byte HEADER_VERSION = 3;
    private static final int HEADER_BYTES = 18;

    /** What is done to a body. */
    public enum Compression {
        NONE(0),
        ZLIB(5);

        private final byte code;

        Compression(int code) {
            this.code = (byte) code;
        }
    }

    /** Whether bytes begin as a frame does. */
    public static boolean isFrame(byte[] data) {
        return data.length >= HEADER_BYTES && data[0] == HEADER_VERSION;
    }

    /** Frames a body. */
    public static byte[] write(UUID schemaId, byte[] body, Compression compression) {
        byte[] content = compression == Compression.ZLIB ? deflate(body) : body;
        return ByteBuffer.allocate(HEADER_BYTES + content.length)
                .put(HEADER_VERSION)
                .put(compression.code)
                .putLong(schemaId.getMostSignificantBits())
                .putLong(schemaId.getLeastSignificantBits())
                .put(content)
                .array();
    }

    /**
     * Reads a frame; a body that is not compressed is not copied.
     *
     * @throws MalformedFrameException if the bytes are no frame, or the body cannot be expanded within
     *     {@link #MAX_BODY_BYTES}
     */
    public static GlueFrame parse(byte[] data) {
        if (data.length < HEADER_BYTES) {
            throw new MalformedFrameException(
                    "Cannot read frame: it has " + data.length + " bytes, its header alone has " + HEADER_BYTES);
        }
        if (data[0] != HEADER_VERSION) {
            throw new MalformedFrameException("Cannot read frame: its first byte is " + (data[0] & 0xff) + ", not 3");
        }
        ByteBuffer buffer = ByteBuffer.wrap(data);
        UUID schemaId = new UUID(buffer.getLong(2), buffer.getLong(10));
        if (data[1] == Compression.NONE.code) {
            return new GlueFrame(schemaId, buffer.position(HEADER_BYTES).slice());
        }
        if (data[1] == Compression.ZLIB.code) {
            return new GlueFrame(schemaId, ByteBuffer.wrap(inflate(data)));
        }
        throw new MalformedFrameException(
                "Cannot read frame: its compression is " + (data[1] & 0xff) + ", neither 0 nor 5");
    }

    private static byte[] deflate(byte[] body) {
        Deflater deflater = new Deflater();
        try {
            deflater.setInput(body);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream(body.length / 2 + 64);
            byte[] chunk = new byte[8192];
            while (!deflater.finished()) {
                out.write(chunk, 0, deflater.deflate(chunk));
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }

    /** Measures the body before it makes room for it: a bomb costs time then, and no memory. */
    private static byte[] inflate(byte[] data) {
        Inflater inflater = new Inflater();
        try {
            byte[] body = new byte[(int) Math.min(FIRST_GUESS_BYTES, 8L * data.length)];
            inflater.setInput(data, HEADER_BYTES, data.length - HEADER_BYTES);
            int length = fill(inflater, body);
            if (inflater.finished()) {
                return Arrays.copyOf(body, length);
            }
            byte[] whole = new byte[length + rest(inflater, length)];
            inflater.reset();
            inflater.setInput(data, HEADER_BYTES, data.length - HEADER_BYTES);
            fill(inflater, whole);
            return whole;
        } catch (DataFormatException e) {
            throw new MalformedFrameException("Cannot expand frame: its body is not in zlib format");
        } finally {
            inflater.end();
        }
    }

    /** Expands until the body ends or the room does. */
    private static int fill(Inflater inflater, byte[] room) throws DataFormatException {
        int length = 0;
        while (length < room.length && !inflater.finished()) {
            length += expand(inflater, room, length);
        }
        return length;
    }

    /** How much of the body is still to come. */
    private static int rest(Inflater inflater, int before) throws DataFormatException {
        byte[] scratch = new byte[32 * 1024];
        int length = 0;
        while (!inflater.finished()) {
            length += expand(inflater, scratch, 0);
            if (before + length > MAX_BODY_BYTES) {
                throw new MalformedFrameException(
                        "Cannot expand frame: its body has more than " + MAX_BODY_BYTES + " bytes");
            }
        }
        return length;
    }

    private static int expand(Inflater inflater, byte[] room, int from) throws DataFormatException {
        int length = inflater.inflate(room, from, room.length - from);
        if (length == 0 && !inflater.finished() && (inflater.needsInput() || inflater.needsDictionary())) {
            throw new MalformedFrameException("Cannot expand frame: its zlib body is cut off");
        }
        return length;
    }
}
