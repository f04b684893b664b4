package io.millrace.capture.encode;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** What Debezium puts in the place of a value that the source did not send, in the shape of each type. */
public final class Unsent {
    private static final String TEXT = "__debezium_unavailable_value";
    private static final String HSTORE = "{\"" + TEXT + "\":\"" + TEXT + "\"}";
    private static final byte[] BYTES = TEXT.getBytes(StandardCharsets.UTF_8);
    private static final String ID = UUID.nameUUIDFromBytes(BYTES).toString();

    private Unsent() {}

    /** Whether a row has a value that was not sent. */
    public static boolean isIn(Struct row) {
        for (Field field : row.schema().fields()) {
            if (isInPlaceOf(row.getWithoutDefault(field.name()))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a value stands for one that was not sent. */
    public static boolean isInPlaceOf(@Nullable Object value) {
        if (value instanceof String text) {
            return text.equals(TEXT) || text.equals(HSTORE);
        } else if (value instanceof ByteBuffer bytes) {
            return bytes.equals(ByteBuffer.wrap(BYTES));
        } else if (value instanceof byte[] bytes) {
            return ByteBuffer.wrap(bytes).equals(ByteBuffer.wrap(BYTES));
        } else if (value instanceof List<?> elements) {
            return elements.size() == 1 ? isElement(elements.get(0)) : areBytes(elements);
        }
        return false;
    }

    private static boolean isElement(@Nullable Object only) {
        return ID.equals(only) || (!(only instanceof List) && isInPlaceOf(only));
    }

    private static boolean areBytes(Collection<?> elements) {
        if (elements.size() != BYTES.length) {
            return false;
        }
        int i = 0;
        for (Object element : elements) {
            if (!(element instanceof Number number) || number.longValue() != BYTES[i++]) {
                return false;
            }
        }
        return true;
    }
}
