package io.millrace.iceberg.index;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Numbers from 0 in seven bits a byte, the low bits first; the high bit says that more follow. */
public final class VariableLength {
    private VariableLength() {}

    public static void write(long value, DataOutput out) throws IOException {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.writeByte((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.writeByte((int) rest);
    }

    public static long read(DataInput in) throws IOException {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.readByte();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    /** A text of any length in UTF-8; {@link DataOutput#writeUTF} ends at 64 KB. */
    public static void writeText(String text, DataOutput out) throws IOException {
        byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        write(bytes.length, out);
        out.write(bytes);
    }

    public static String readText(DataInput in) throws IOException {
        byte[] bytes = new byte[Math.toIntExact(read(in))];
        in.readFully(bytes);
        return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
    }
}
