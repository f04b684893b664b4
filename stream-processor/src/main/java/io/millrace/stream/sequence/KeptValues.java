package io.millrace.stream.sequence;

import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Array;
import io.millrace.schemas.event.ColumnType.Decimal;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowSchema;
import io.millrace.schemas.event.Unavailable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The last values of a row that its next change may leave out, to fill them in then.
 *
 * <p>PostgreSQL leaves out unchanged values that it stores outside of the row (TOAST). It moves values out only when the
 * row as a whole has more than about 2,000 bytes (TOAST_TUPLE_THRESHOLD), and only values of variable length. So rows of
 * less than {@link #SMALLEST_ROW_BYTES} keep nothing, which are nearly all rows of nearly all tables. The margin is for
 * what the estimate cannot know: alignment, and binary forms that are longer than their text.
 *
 * <p>A value once moved out stays out while it does not change, also when the rest of the row shrinks. Such a row is
 * recognised by the change itself, which leaves the value out: its values are kept whatever its size.
 *
 * @param values the row's columns of variable length
 */
public record KeptValues(Row values) {
    static final int SMALLEST_ROW_BYTES = 1500;

    /** PostgreSQL aligns fixed-length values to at most this. */
    private static final int FIXED_BYTES = 8;

    /** A tuple's header and null bitmap. */
    private static final int HEADER_BYTES = 32;

    /** Every element of an array has its own length word and alignment. */
    private static final int ELEMENT_BYTES = 8;

    /** A jsonb of one-digit numbers takes six times the bytes of its text: a 4 byte entry and 8 bytes for "1,". */
    private static final int JSONB_FACTOR = 6;

    /** Whether the next change of this row, which the source has just sent, may leave values out. */
    public static boolean mayBeLeftOutOf(Row row) {
        return row.hasUnavailable() || estimateBytes(row) >= SMALLEST_ROW_BYTES;
    }

    /**
     * What is to be kept of a row, if anything.
     *
     * @param large whether the row is known to be large in the source, as when its change left out values
     */
    static Optional<KeptValues> of(Row row, boolean large) {
        if (!large && estimateBytes(row) < SMALLEST_ROW_BYTES) {
            return Optional.empty();
        }
        List<Column> columns = new ArrayList<>();
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; i < row.schema().columns().size(); i++) {
            Column column = row.schema().columns().get(i);
            if (hasVariableLength(column.type())) {
                columns.add(column);
                values.add(row.value(i));
            }
        }
        return columns.isEmpty()
                ? Optional.empty()
                : Optional.of(new KeptValues(new Row(new RowSchema(columns), values.toArray())));
    }

    /**
     * The row with the values that it lacks; empty if one of them is not known.
     *
     * @param renames a column's name to the one before, under which its value may have been kept
     */
    Optional<Row> fill(Row row, Map<String, String> renames) {
        RowSchema known = values.schema();
        @Nullable Object[] filled = new @Nullable Object[row.schema().columns().size()];
        for (int i = 0; i < filled.length; i++) {
            filled[i] = row.value(i);
            if (filled[i] == Unavailable.INSTANCE) {
                Column column = row.schema().columns().get(i);
                int place = known.indexOf(column.name());
                for (String former = renames.get(column.name());
                        place < 0 && former != null;
                        former = renames.get(former)) {
                    place = known.indexOf(former);
                }
                if (place < 0 || !known.columns().get(place).type().equals(column.type())) {
                    return Optional.empty();
                }
                filled[i] = values.value(place);
            }
        }
        return Optional.of(new Row(row.schema(), filled));
    }

    /** About as many bytes as PostgreSQL needs for the row before it compresses or moves anything; rather too many. */
    static long estimateBytes(Row row) {
        long bytes = HEADER_BYTES;
        for (int i = 0; i < row.schema().columns().size(); i++) {
            bytes += estimateBytes(row.schema().columns().get(i).type(), row.value(i));
        }
        return bytes;
    }

    private static long estimateBytes(ColumnType type, @Nullable Object value) {
        if (value == null || value == Unavailable.INSTANCE) {
            return 0;
        }
        if (type instanceof Array array) {
            long bytes = 3 * ELEMENT_BYTES;
            for (Object element : (List<?>) value) {
                bytes += ELEMENT_BYTES + estimateBytes(array.element(), element);
            }
            return bytes;
        }
        if (type instanceof Decimal decimal) {
            return FIXED_BYTES + decimal.precision();
        }
        return switch ((Primitive) type) {
            case STRING -> FIXED_BYTES + utf8Bytes((String) value);
            case JSON -> FIXED_BYTES + JSONB_FACTOR * utf8Bytes((String) value);
            case BYTES -> FIXED_BYTES + ((ByteBuffer) value).remaining();
            case UUID -> 2 * FIXED_BYTES;
            default -> FIXED_BYTES;
        };
    }

    private static long utf8Bytes(String text) {
        long bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                // A surrogate is half of a character of four bytes.
                bytes += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
            }
        }
        return bytes;
    }

    private static boolean hasVariableLength(ColumnType type) {
        return type instanceof Array
                || type instanceof Decimal
                || type == Primitive.STRING
                || type == Primitive.JSON
                || type == Primitive.BYTES;
    }
}
