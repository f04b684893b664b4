package io.millrace.schemas.decode;

import io.millrace.schemas.registry.MalformedFrameException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The small record that stands on a stream for a payload over the stream's record limit; the payload is in object storage.
 *
 * <pre>
 * 'M' 'R' 'C' 'K' | 01 | size, 8 bytes | SHA-256, 32 bytes | location, UTF-8
 * </pre>
 *
 * @param location the object's address, such as {@code s3://bucket/claims/42}
 * @param size the payload's length in bytes
 * @param sha256 the payload's SHA-256 in lower case hex
 */
public record ClaimCheck(String location, long size, String sha256) {
    private static final byte[] MAGIC = {'M', 'R', 'C', 'K', 1};
    private static final int HEADER_BYTES = MAGIC.length + Long.BYTES + 32;
    private static final int MAX_LOCATION_BYTES = 4096;

    /** Stands for a payload that is, or is about to be, at a location. */
    public static ClaimCheck of(String location, byte[] payload) {
        return new ClaimCheck(location, payload.length, HexFormat.of().formatHex(sha256(payload)));
    }

    /** Whether a record is a claim check and not a payload itself; no other accepted format begins like one. */
    public static boolean isClaimCheck(byte[] data) {
        return data.length >= MAGIC.length && Arrays.equals(data, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    /**
     * Reads what {@link #encode()} wrote.
     *
     * @throws MalformedFrameException if the bytes are no claim check
     */
    public static ClaimCheck parse(byte[] data) {
        int locationBytes = data.length - HEADER_BYTES;
        if (!isClaimCheck(data) || locationBytes <= 0 || locationBytes > MAX_LOCATION_BYTES) {
            throw new MalformedFrameException("Cannot read claim check: " + data.length + " bytes of another shape");
        }
        long size = ByteBuffer.wrap(data).getLong(MAGIC.length);
        if (size < 0) {
            throw new MalformedFrameException("Cannot read claim check: its payload's size is negative");
        }
        String sha256 = HexFormat.of().formatHex(data, MAGIC.length + Long.BYTES, HEADER_BYTES);
        return new ClaimCheck(new String(data, HEADER_BYTES, locationBytes, StandardCharsets.UTF_8), size, sha256);
    }

    /** The record for the stream. */
    public byte[] encode() {
        byte[] address = location.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(HEADER_BYTES + address.length)
                .put(MAGIC)
                .putLong(size)
                .put(HexFormat.of().parseHex(sha256))
                .put(address)
                .array();
    }

    /** Whether these bytes are the payload that the claim check stands for. */
    public boolean matches(byte[] payload) {
        return payload.length == size
                && HexFormat.of().formatHex(sha256(payload)).equals(sha256);
    }

    private static byte[] sha256(byte[] payload) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(payload);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Cannot hash: every Java platform has SHA-256", e);
        }
    }
}
