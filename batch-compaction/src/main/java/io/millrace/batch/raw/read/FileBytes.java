package io.millrace.batch.raw.read;

import io.millrace.batch.raw.land.LandedFile;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import org.apache.iceberg.io.FileIO;

/** The bytes of a landed file, decompressed, and the hash of those that are stored. */
final class FileBytes implements Closeable {
    private static final int CHUNK = 64 << 10;

    private final MessageDigest digest;
    private final InputStream stored;
    private final InputStream text;

    private FileBytes(MessageDigest digest, InputStream stored, InputStream text) {
        this.digest = digest;
        this.stored = stored;
        this.text = text;
    }

    static FileBytes open(FileIO io, LandedFile file) throws IOException {
        MessageDigest digest = sha256();
        InputStream stored = new DigestInputStream(
                new BufferedInputStream(io.newInputFile(file.location()).newStream(), CHUNK), digest);
        if (!file.isCompressed() || file.bytes() == 0) {
            return new FileBytes(digest, stored, stored);
        }
        try {
            return new FileBytes(digest, stored, new GZIPInputStream(stored, CHUNK));
        } catch (IOException e) {
            stored.close();
            throw e;
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Cannot hash: every Java platform has SHA-256", e);
        }
    }

    /** The hash of a file's stored bytes, in hexadecimal. */
    static String hash(FileIO io, LandedFile file) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream stored =
                new DigestInputStream(io.newInputFile(file.location()).newStream(), digest)) {
            drain(stored);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    InputStream text() {
        return text;
    }

    /** The hash, once the text was read to its end. */
    String hash() throws IOException {
        // What stands behind the compressed data belongs to the file, too.
        drain(stored);
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void drain(InputStream in) throws IOException {
        byte[] chunk = new byte[CHUNK];
        int read;
        do {
            read = in.read(chunk);
        } while (read >= 0);
    }

    @Override
    public void close() throws IOException {
        text.close();
    }
}
