package io.millrace.local.reconcile;

import io.millrace.local.reconcile.SourceType.Array;
import io.millrace.local.reconcile.SourceType.Scalar;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads values of search documents, as {@link JsonReader} gives them. */
final class DocumentValue {

    private DocumentValue() {}

    /** The canonical text of a field that should hold the source's type. */
    static @Nullable String canonical(SourceType type, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        if (type instanceof Array array) {
            return value instanceof List<?> list ? list(array.element(), list) : Canonical.unexpected(value);
        }
        String text = switch ((Scalar) type) {
            case BOOLEAN -> value instanceof Boolean ? value.toString() : null;
            case INTEGER -> value instanceof JsonReader.Number number ? number.text() : null;
            case REAL ->
                value instanceof JsonReader.Number || isNotFinite(value)
                        ? Canonical.real(Float.parseFloat(textOf(value)))
                        : null;
            case DOUBLE ->
                value instanceof JsonReader.Number || isNotFinite(value)
                        ? Canonical.real(Double.parseDouble(textOf(value)))
                        : null;
            case NUMERIC -> value instanceof String string ? Canonical.numeric(string) : null;
            case FREE_NUMERIC -> value instanceof String string ? Canonical.freeNumeric(string) : null;
            case BYTES -> value instanceof String string ? bytes(string) : null;
            case TIME_TZ, INTERVAL, HSTORE -> value instanceof String string ? Canonical.ofText(type, string) : null;
            case DATE, TIME, TIMESTAMP, TIMESTAMP_TZ, UUID, TEXT -> value instanceof String string ? string : null;
        };
        return text == null ? Canonical.unexpected(value) : text;
    }

    private static String list(SourceType element, List<?> values) {
        List<@Nullable String> elements = new ArrayList<>(values.size());
        for (Object value : values) {
            elements.add(canonical(element, value));
        }
        return Canonical.list(elements);
    }

    private static String bytes(String base64) {
        try {
            return Canonical.bytes(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            return Canonical.unexpected(base64);
        }
    }

    private static boolean isNotFinite(Object value) {
        return value.equals("NaN") || value.equals("Infinity") || value.equals("-Infinity");
    }

    private static String textOf(Object value) {
        return value instanceof JsonReader.Number number ? number.text() : (String) value;
    }
}
