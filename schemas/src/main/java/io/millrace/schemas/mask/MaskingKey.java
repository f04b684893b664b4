package io.millrace.schemas.mask;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The pipeline's secret key, and the keys for each purpose that are made of it. */
public final class MaskingKey {
    /** The least that a key has: as many as a random one of 192 bits in base64. */
    public static final int LEAST_CHARACTERS = 32;

    private static final String HMAC = "HmacSHA256";

    private final byte[] secret;

    private MaskingKey(byte[] secret) {
        this.secret = secret;
    }

    /**
     * Takes a text for a key.
     *
     * @throws IllegalArgumentException if it is too short to be a secret; the message does not show it
     */
    public static MaskingKey of(String text) {
        if (text.strip().length() < LEAST_CHARACTERS) {
            throw new IllegalArgumentException("Cannot use masking key: it has fewer than " + LEAST_CHARACTERS
                    + " characters. Make one with: openssl rand -base64 32");
        }
        return new MaskingKey(text.strip().getBytes(StandardCharsets.UTF_8));
    }

    /** A key of 32 bytes for one purpose; keys of different purposes tell nothing of each other. */
    public byte[] derive(String purpose) {
        return mac(secret).doFinal(("millrace " + purpose).getBytes(StandardCharsets.UTF_8));
    }

    /** A keyed hash with the key of a purpose, for one thread. */
    public Mac hash(String purpose) {
        return mac(derive(purpose));
    }

    private static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac;
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("Cannot hash: every Java platform has " + HMAC, e);
        }
    }

    @Override
    public String toString() {
        return "***";
    }
}
