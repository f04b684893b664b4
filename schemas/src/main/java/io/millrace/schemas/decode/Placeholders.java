package io.millrace.schemas.decode;

import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.event.Unavailable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What Debezium writes in the place of a value that PostgreSQL did not send, in the shape of each type.
 *
 * <p>Texts, JSON and bytes hold the text itself; hstore as JSON an object with it as key and value; arrays of texts, JSON
 * and bytes one element with it; arrays of UUIDs one element with the UUID that is made of it; arrays of integers and dates
 * one element for each of its bytes. Seen in the records of Debezium 3.5, see {@code schemas/golden}.
 */
final class Placeholders {
    static final byte[] TEXT = "__debezium_unavailable_value".getBytes(StandardCharsets.UTF_8);

    static final byte[] HSTORE =
            "{\"__debezium_unavailable_value\":\"__debezium_unavailable_value\"}".getBytes(StandardCharsets.UTF_8);

    private static final UUID ID = UUID.nameUUIDFromBytes(TEXT);

    private Placeholders() {}

    /** Whether an array's elements, as they were read, stand for a value that was not sent. */
    static boolean isUnavailable(ColumnType element, List<@Nullable Object> elements) {
        if (elements.size() == 1) {
            Object only = elements.get(0);
            return only == Unavailable.INSTANCE || (element == Primitive.UUID && ID.equals(only));
        }
        boolean whole = element == Primitive.INT32 || element == Primitive.INT64 || element == Primitive.DATE;
        return whole && elements.size() == TEXT.length && areBytesOfText(elements);
    }

    /** The value of an element among others that only looks like the placeholder. */
    static Object literal(ColumnType element) {
        return element == Primitive.BYTES ? ByteBuffer.wrap(TEXT.clone()) : new String(TEXT, StandardCharsets.UTF_8);
    }

    private static boolean areBytesOfText(List<@Nullable Object> elements) {
        for (int i = 0; i < TEXT.length; i++) {
            if (!(elements.get(i) instanceof Number number) || number.longValue() != TEXT[i]) {
                return false;
            }
        }
        return true;
    }
}
