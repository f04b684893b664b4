package io.millrace.schemas.decode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The fields of a row in JSON, in the record's order. One object, read anew for each record. */
final class JsonFields {
    /** A row was begun and not read to its end. */
    private static final int UNKNOWN = -1;

    private String[] names = new String[32];
    private @Nullable Object[] values = new @Nullable Object[32];
    private int size;
    private boolean present;
    private List<String> shape = List.of();

    void clear() {
        present = false;
    }

    /** Reads the object or the null at the cursor. */
    void read(JsonParser in) throws IOException {
        present = in.currentToken() == JsonToken.START_OBJECT;
        if (!present) {
            if (in.currentToken() != JsonToken.VALUE_NULL) {
                throw new JsonRecords.Broken("a row is not an object");
            }
            return;
        }
        // Most rows have the fields of the row before them, and then need no list of names of their own. A broken
        // record
        // leaves names behind that are in no list: after it, one is made whatever the names are.
        int before = size;
        size = UNKNOWN;
        boolean same = true;
        int at = 0;
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName(), at++) {
            if (at == names.length) {
                names = Arrays.copyOf(names, 2 * at);
                values = Arrays.copyOf(values, 2 * at);
            }
            if (!name.equals(names[at])) {
                names[at] = name;
                same = false;
            }
            in.nextToken();
            values[at] = JsonRaw.read(in);
        }
        size = at;
        if (!same || at != before) {
            shape = List.of(Arrays.copyOf(names, at));
        }
    }

    /** Whether there is a row, and not a null or nothing. */
    boolean isPresent() {
        return present;
    }

    /** The names of the fields; the same instance as for the row before if they are the same. */
    List<String> names() {
        return shape;
    }

    @Nullable
    Object value(int field) {
        return values[field];
    }
}
