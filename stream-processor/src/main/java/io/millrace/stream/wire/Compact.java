package io.millrace.stream.wire;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The small parts that all codecs are made of: numbers of variable length (LEB128, zigzag for signed ones), UTF-8 text. */
final class Compact {
    private static final byte[] NO_BYTES = {};

    private Compact() {}

    /** One byte for every seven bits of the number, taken as unsigned. */
    static void writeUnsigned(long value, DataOutput out) throws IOException {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.writeByte((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.writeByte((int) rest);
    }

    static long readUnsigned(DataInput in) throws IOException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = in.readByte();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IOException("Cannot read a number: it has more than ten bytes");
    }

    /** Small for numbers near zero on either side of it. */
    static void writeSigned(long value, DataOutput out) throws IOException {
        writeUnsigned((value << 1) ^ (value >> 63), out);
    }

    static long readSigned(DataInput in) throws IOException {
        long zigzag = readUnsigned(in);
        return (zigzag >>> 1) ^ -(zigzag & 1);
    }

    static int readLength(DataInput in) throws IOException {
        long length = readUnsigned(in);
        if (length < 0 || length > Integer.MAX_VALUE) {
            throw new IOException("Cannot read a value of " + Long.toUnsignedString(length) + " bytes");
        }
        return (int) length;
    }

    static void writeBytes(byte[] bytes, DataOutput out) throws IOException {
        writeUnsigned(bytes.length, out);
        out.write(bytes);
    }

    static byte[] readBytes(DataInput in) throws IOException {
        int length = readLength(in);
        if (length == 0) {
            return NO_BYTES;
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }

    static void writeText(String text, DataOutput out) throws IOException {
        writeBytes(text.getBytes(StandardCharsets.UTF_8), out);
    }

    static String readText(DataInput in) throws IOException {
        return new String(readBytes(in), StandardCharsets.UTF_8);
    }

    static void writeOptionalText(@Nullable String text, DataOutput out) throws IOException {
        out.writeBoolean(text != null);
        if (text != null) {
            writeText(text, out);
        }
    }

    static @Nullable String readOptionalText(DataInput in) throws IOException {
        return in.readBoolean() ? readText(in) : null;
    }
}
