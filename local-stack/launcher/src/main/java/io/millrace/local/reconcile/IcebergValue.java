package io.millrace.local.reconcile;

import io.millrace.local.reconcile.SourceType.Array;
import io.millrace.local.reconcile.SourceType.Scalar;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads values of Iceberg's generic records. */
final class IcebergValue {

    private IcebergValue() {}

    /** The canonical text of a value in a column that should hold the source's type. */
    static @Nullable String canonical(SourceType type, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        if (type instanceof Array array) {
            return value instanceof List<?> list ? list(array.element(), list) : Canonical.unexpected(value);
        }
        String text = switch ((Scalar) type) {
            case BOOLEAN -> value instanceof Boolean ? value.toString() : null;
            case INTEGER -> value instanceof Integer || value instanceof Long ? value.toString() : null;
            case REAL -> value instanceof Float number ? Canonical.real(number) : null;
            case DOUBLE -> value instanceof Double number ? Canonical.real(number) : null;
            case FREE_NUMERIC -> value instanceof String string ? Canonical.freeNumeric(string) : null;
            // With more digits than a decimal has, a numeric is a text.
            case NUMERIC ->
                value instanceof BigDecimal number
                        ? number.toPlainString()
                        : value instanceof String string ? string : null;
            case BYTES -> value instanceof ByteBuffer buffer ? Canonical.bytes(bytes(buffer)) : null;
            case DATE -> value instanceof LocalDate date ? Canonical.date(date) : null;
            case TIMESTAMP -> value instanceof LocalDateTime time ? Canonical.timestamp(time) : null;
            case TIMESTAMP_TZ ->
                value instanceof OffsetDateTime time
                        ? Canonical.timestampTz(
                                time.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime())
                        : null;
            case TIME_TZ, INTERVAL, HSTORE -> value instanceof String string ? Canonical.ofText(type, string) : null;
            // Texts, as not every reader of Iceberg knows its types time and uuid.
            case TIME, UUID, TEXT -> value instanceof String string ? string : null;
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

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
