package io.millrace.schemas.decode;

import io.millrace.schemas.decode.ColumnReader.Invalid;
import io.millrace.schemas.decode.JsonColumn.Conversion;
import io.millrace.schemas.pipeline.DeclaredType;
import org.jspecify.annotations.Nullable;

/**
 * Reads the values of a column that stands in texts, as in a CSV file.
 *
 * <p>It takes every spelling that means one value only, as the JSON decoders do of a declared column.
 */
public final class TextColumn {
    private final Conversion conversion;

    private TextColumn(Conversion conversion) {
        this.conversion = conversion;
    }

    /** The reader of a column of this type. */
    public static TextColumn of(DeclaredType type) {
        return new TextColumn(JsonConversions.DMS.of(type));
    }

    /**
     * Reads a value.
     *
     * @return the value, of the class that {@link io.millrace.schemas.event.ColumnType} says; null if the text is no value of the
     *     type
     */
    public @Nullable Object read(String text) {
        Object value = conversion.of(text);
        return value == Invalid.VALUE ? null : value;
    }
}
