package io.millrace.capture.storage;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names for things that are too long, or too secret, to be their own names. */
public final class Digest {

    private Digest() {}

    /** The SHA-256 in lower case hex. */
    public static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Cannot hash: every Java platform has SHA-256", e);
        }
    }
}
