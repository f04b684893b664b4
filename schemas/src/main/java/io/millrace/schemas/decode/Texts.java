package io.millrace.schemas.decode;

import io.millrace.schemas.decode.ColumnReader.Invalid;
import io.millrace.schemas.event.Unavailable;
import java.nio.ByteBuffer;

/** Reads what is written as a length and so many bytes. */
final class Texts {
    private Texts() {}

    static Object string(AvroBytes in) {
        int length = in.readLength();
        return isPlaceholder(in, length, Placeholders.TEXT) ? Unavailable.INSTANCE : text(in, length);
    }

    static Object json(AvroBytes in) {
        int length = in.readLength();
        return isPlaceholder(in, length, Placeholders.TEXT) || isPlaceholder(in, length, Placeholders.HSTORE)
                ? Unavailable.INSTANCE
                : text(in, length);
    }

    static Object bytes(AvroBytes in) {
        int length = in.readLength();
        return isPlaceholder(in, length, Placeholders.TEXT)
                ? Unavailable.INSTANCE
                : ByteBuffer.wrap(in.readBytes(length));
    }

    private static Object text(AvroBytes in, int length) {
        String text = in.readText(length);
        return text == null ? Invalid.VALUE : text;
    }

    private static boolean isPlaceholder(AvroBytes in, int length, byte[] placeholder) {
        if (length != placeholder.length || !in.areNext(placeholder)) {
            return false;
        }
        in.skip(length);
        return true;
    }
}
