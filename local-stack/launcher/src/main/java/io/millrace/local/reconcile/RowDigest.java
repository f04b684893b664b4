package io.millrace.local.reconcile;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * 122 bits that stand for a key or a row: what is kept of each, so that millions fit into memory.
 *
 * <p>The MD5 of a text in UTF-8, without the bits that a name-based UUID ({@code java.util.UUID.nameUUIDFromBytes}) has no
 * room for: PostgreSQL and OpenSearch's scripts compute the same. Tells rows apart and keeps no secret, so speed matters.
 *
 * @param high the first half
 * @param low the second half
 */
record RowDigest(long high, long low) {
    /** The bits of the first half that count. */
    static final long HIGH_BITS = ~0xF000L;

    /** The bits of the second half that count. */
    static final long LOW_BITS = ~(0b11L << 62);

    private static final ThreadLocal<MessageDigest> MD5 = ThreadLocal.withInitial(RowDigest::md5);

    /** Digests a text. */
    static RowDigest of(String text) {
        ByteBuffer bytes = ByteBuffer.wrap(MD5.get().digest(text.getBytes(StandardCharsets.UTF_8)));
        return new RowDigest(bytes.getLong() & HIGH_BITS, bytes.getLong() & LOW_BITS);
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Cannot hash: every Java platform has MD5", e);
        }
    }
}
