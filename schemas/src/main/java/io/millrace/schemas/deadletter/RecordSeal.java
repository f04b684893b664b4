package io.millrace.schemas.deadletter;

import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.mask.MaskingKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts the bytes of records that were refused, so that nobody reads in them what masks hide elsewhere.
 *
 * <pre>
 * 01 | nonce, 12 bytes | AES-256-GCM of the bytes, with the record's source and shard as associated data
 * 00 | the bytes       where the pipeline has no key: nothing is masked then
 * </pre>
 *
 * <p>The nonce is a keyed hash of all that is encrypted (as in SIV), so a record that is refused again, as after a restart,
 * is the same sealed record, and no nonce is used for two different ones. Not safe for use by several threads.
 */
public final class RecordSeal {
    private static final byte PLAIN = 0;
    private static final byte ENCRYPTED = 1;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final @Nullable Keys keys;

    /** Begins a partition key that is hidden. */
    private static final String HIDDEN = "hidden:";

    private record Keys(SecretKeySpec encryption, Mac nonces, Mac partitionKeys) {}

    /** A seal under a key; null if the pipeline has none. */
    public RecordSeal(@Nullable MaskingKey key) {
        keys = key == null
                ? null
                : new Keys(
                        new SecretKeySpec(key.derive("raw record encryption"), "AES"),
                        key.hash("raw record nonce"),
                        key.hash("partition key"));
    }

    /**
     * The record with its bytes sealed, and its partition key, which mostly has the key values of the row, hashed under the key:
     * equal ones stay equal. One that has been hidden stays as it is.
     */
    public RawRecord seal(RawRecord record) {
        return keys == null
                ? with(record, record.partitionKey(), plain(record.data()))
                : with(record, hidden(keys, record.partitionKey()), encrypt(keys, record));
    }

    private static @Nullable String hidden(Keys keys, @Nullable String partitionKey) {
        return partitionKey == null || partitionKey.startsWith(HIDDEN)
                ? partitionKey
                : HIDDEN
                        + HexFormat.of()
                                .formatHex(
                                        keys.partitionKeys.doFinal(partitionKey.getBytes(StandardCharsets.UTF_8)),
                                        0,
                                        NONCE_BYTES);
    }

    /**
     * The record with its bytes as they were.
     *
     * @throws IllegalArgumentException if it was sealed with another key, or not by a seal, or has been changed
     */
    public RawRecord open(RawRecord sealed) {
        byte[] data = sealed.data();
        if (data.length > 0 && data[0] == PLAIN) {
            return with(sealed, sealed.partitionKey(), Arrays.copyOfRange(data, 1, data.length));
        }
        if (data.length <= 1 + NONCE_BYTES || data[0] != ENCRYPTED) {
            throw new IllegalArgumentException("Cannot open record: it is not sealed");
        }
        if (keys == null) {
            throw new IllegalArgumentException("Cannot open record: it is encrypted, and there is no masking key");
        }
        byte[] nonce = Arrays.copyOfRange(data, 1, 1 + NONCE_BYTES);
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, keys, nonce, sealed);
            return with(
                    sealed,
                    sealed.partitionKey(),
                    cipher.doFinal(data, 1 + NONCE_BYTES, data.length - 1 - NONCE_BYTES));
        } catch (AEADBadTagException e) {
            throw new IllegalArgumentException(
                    "Cannot open record: it was encrypted with another masking key, or has been changed since", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Cannot decrypt: every Java platform has AES/GCM", e);
        }
    }

    /** Bytes in the form of sealed ones, without anything hidden: for what is masked already. */
    public static byte[] plain(byte[] data) {
        return ByteBuffer.allocate(1 + data.length).put(PLAIN).put(data).array();
    }

    private static byte[] encrypt(Keys keys, RawRecord record) {
        keys.nonces.update(origin(record));
        byte[] nonce = Arrays.copyOf(keys.nonces.doFinal(record.data()), NONCE_BYTES);
        try {
            byte[] encrypted = cipher(Cipher.ENCRYPT_MODE, keys, nonce, record).doFinal(record.data());
            return ByteBuffer.allocate(1 + NONCE_BYTES + encrypted.length)
                    .put(ENCRYPTED)
                    .put(nonce)
                    .put(encrypted)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Cannot encrypt: every Java platform has AES/GCM", e);
        }
    }

    private static Cipher cipher(int mode, Keys keys, byte[] nonce, RawRecord record) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, keys.encryption, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(origin(record));
        return cipher;
    }

    private static byte[] origin(RawRecord record) {
        return (record.source() + "\n" + record.shard() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static RawRecord with(RawRecord record, @Nullable String partitionKey, byte[] data) {
        return new RawRecord(
                record.source(),
                record.stream(),
                record.shard(),
                record.sequence(),
                partitionKey,
                record.arrivalMillis(),
                data);
    }
}
