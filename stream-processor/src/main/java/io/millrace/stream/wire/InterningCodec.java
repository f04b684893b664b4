package io.millrace.stream.wire;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes values that come again and again, such as schemas: in full each time, so that every record explains itself, but
 * made into bytes once, and read into one instance for all equal ones.
 *
 * <p>A value is a fingerprint of its bytes (8 bytes), their number and the bytes. The reader looks up the fingerprint and
 * compares the bytes, which costs about as much as skipping them. See docs/decisions/0004-self-describing-rows.md.
 */
final class InterningCodec<T> implements Codec<T> {
    /** A bound on memory; a pipeline has far fewer tables and schemas at a time. */
    private static final int MOST_VALUES = 4096;

    private final Codec<T> codec;
    private final Map<T, Block<T>> written = new IdentityHashMap<>();
    private final Map<Long, Block<T>> read = new HashMap<>();
    private byte[] buffer = new byte[512];
    private @Nullable Block<T> lastWritten;

    InterningCodec(Codec<T> codec) {
        this.codec = codec;
    }

    @Override
    public void write(T value, DataOutput out) throws IOException {
        Block<T> block = lastWritten;
        if (block == null || block.value != value) {
            block = written.get(value);
            if (block == null) {
                block = blockOf(value);
                if (written.size() == MOST_VALUES) {
                    written.clear();
                }
                written.put(value, block);
            }
            lastWritten = block;
        }
        out.writeLong(block.fingerprint);
        Compact.writeBytes(block.bytes, out);
    }

    @Override
    public T read(DataInput in) throws IOException {
        long fingerprint = in.readLong();
        int length = Compact.readLength(in);
        if (buffer.length < length) {
            buffer = new byte[Math.max(length, 2 * buffer.length)];
        }
        in.readFully(buffer, 0, length);
        Block<T> known = read.get(fingerprint);
        if (known != null && Arrays.equals(known.bytes, 0, known.bytes.length, buffer, 0, length)) {
            return known.value;
        }
        byte[] bytes = Arrays.copyOf(buffer, length);
        T value = codec.read(new DataInputStream(new ByteArrayInputStream(bytes)));
        if (read.size() == MOST_VALUES) {
            read.clear();
        }
        read.put(fingerprint, new Block<>(value, bytes, fingerprint));
        return value;
    }

    private Block<T> blockOf(T value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        codec.write(value, new DataOutputStream(bytes));
        byte[] array = bytes.toByteArray();
        return new Block<>(value, array, fingerprint(array));
    }

    /** FNV-1a: a look-up key only; the bytes decide. */
    private static long fingerprint(byte[] bytes) {
        long hash = 0xcbf29ce484222325L;
        for (byte next : bytes) {
            hash = (hash ^ (next & 0xFF)) * 0x100000001b3L;
        }
        return hash;
    }

    private record Block<T>(T value, byte[] bytes, long fingerprint) {}
}
