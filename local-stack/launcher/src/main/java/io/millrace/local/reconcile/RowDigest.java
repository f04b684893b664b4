package io.millrace.local.reconcile;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * 128 bits that stand for a key or a row: what is kept of each, so that millions fit into memory.
 *
 * @param high the first half
 * @param low the second half
 */
record RowDigest(long high, long low) {
    private static final byte[] NULL = {0};

    /** Digests what a comparison looks at. */
    static RowDigest of(ComparedRow row) {
        MessageDigest digest = md5();
        row.values().forEach(value -> add(digest, value));
        return finish(digest);
    }

    static RowDigest of(String id) {
        MessageDigest digest = md5();
        add(digest, id);
        return finish(digest);
    }

    private static void add(MessageDigest digest, @Nullable String value) {
        if (value == null) {
            digest.update(NULL);
            return;
        }
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(5).put((byte) 1).putInt(bytes.length).array());
        digest.update(bytes);
    }

    private static RowDigest finish(MessageDigest digest) {
        ByteBuffer bytes = ByteBuffer.wrap(digest.digest());
        return new RowDigest(bytes.getLong(), bytes.getLong());
    }

    private static MessageDigest md5() {
        try {
            // Tells rows apart, keeps no secret: speed matters.
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Cannot hash: every Java platform has MD5", e);
        }
    }
}
