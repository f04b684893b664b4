package io.millrace.schemas.decode;

import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.pipeline.DeclaredType;
import org.jspecify.annotations.Nullable;

/**
 * How a column's values are made of {@linkplain JsonRaw JSON's own}.
 *
 * @param type the column's type
 * @param nullable whether values may be null
 * @param conversion makes one value
 */
record JsonColumn(ColumnType type, boolean nullable, Conversion conversion) {

    /** Makes a value of the type's class of one that is not null. */
    @FunctionalInterface
    interface Conversion {
        /** The value, or null, or {@link io.millrace.schemas.event.Unavailable}, or {@link ColumnReader.Invalid}. */
        @Nullable
        Object of(Object raw);
    }

    /** A column as the pipeline file declares it, or text if it does not. */
    static JsonColumn declared(@Nullable DeclaredType declared, JsonConversions conversions) {
        return declared == null ? text(conversions) : new JsonColumn(declared.type(), true, conversions.of(declared));
    }

    /** A column of which nothing is known: its values are texts, as they are written. */
    static JsonColumn text(JsonConversions conversions) {
        return new JsonColumn(Primitive.STRING, true, conversions.of(Primitive.STRING));
    }
}
