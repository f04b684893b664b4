package io.millrace.schemas.decode;

import io.millrace.schemas.decode.ColumnReader.Invalid;
import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.event.Unavailable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
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
    static final String STRING = "__debezium_unavailable_value";
    static final String HSTORE_STRING = "{\"" + STRING + "\":\"" + STRING + "\"}";
    static final byte[] TEXT = STRING.getBytes(StandardCharsets.UTF_8);
    static final byte[] HSTORE = HSTORE_STRING.getBytes(StandardCharsets.UTF_8);
    static final String BASE64 = Base64.getEncoder().encodeToString(TEXT);

    private static final UUID ID = UUID.nameUUIDFromBytes(TEXT);

    private Placeholders() {}

    /**
     * The value of an array: what was read of its elements, or {@link Unavailable} if they stand for a value that was not
     * sent, or {@link Invalid} if one of them is.
     */
    static Object array(ColumnType element, List<@Nullable Object> elements) {
        if (isUnavailable(element, elements)) {
            return Unavailable.INSTANCE;
        }
        boolean invalid = false;
        for (int i = 0; i < elements.size(); i++) {
            Object value = elements.get(i);
            invalid |= value == Invalid.VALUE;
            if (value == Unavailable.INSTANCE) {
                elements.set(i, literal(element));
            }
        }
        return invalid ? Invalid.VALUE : Collections.unmodifiableList(elements);
    }

    /** Whether an array's elements, as they were read, stand for a value that was not sent. */
    private static boolean isUnavailable(ColumnType element, List<@Nullable Object> elements) {
        if (elements.size() == 1) {
            Object only = elements.get(0);
            return only == Unavailable.INSTANCE || (element == Primitive.UUID && ID.equals(only));
        }
        boolean whole = element == Primitive.INT32 || element == Primitive.INT64 || element == Primitive.DATE;
        return whole && elements.size() == TEXT.length && areBytesOfText(elements);
    }

    /** The value of an element among others that only looks like the placeholder. */
    private static Object literal(ColumnType element) {
        return element == Primitive.BYTES ? ByteBuffer.wrap(TEXT.clone()) : STRING;
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
