package io.millrace.schemas.document;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Array;
import io.millrace.schemas.event.ColumnType.Decimal;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.event.RowSchema;

/**
 * The mapping of an index to the columns of its table.
 *
 * <p>Every column is mapped explicitly and {@code dynamic} is off, so that the first row to arrive does not decide how
 * all others are searched. Values that the mapping cannot hold, such as NaN or a date BC, stay in the document unsearched
 * ({@code ignore_malformed}) instead of keeping the row out.
 */
public final class IndexMapping {
    /** Longer texts are found by their words only: each term costs when an index is refreshed, however rarely it is asked for. */
    private static final int LONGEST_KEYWORD = 1024;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private IndexMapping() {}

    /**
     * The {@code mappings} object of an index for rows of this schema, with the columns' {@linkplain FieldName fields}; also the
     * body of an update that adds columns.
     */
    public static ObjectNode of(RowSchema schema) {
        ObjectNode mappings = NODES.objectNode();
        mappings.put("dynamic", false);
        ObjectNode properties = mappings.putObject("properties");
        for (Column column : schema.columns()) {
            properties.set(FieldName.of(column.name()), field(column.type()));
        }
        return mappings;
    }

    /** The mapping of one column; an array is mapped like its elements. */
    static ObjectNode field(ColumnType type) {
        if (type instanceof Array array) {
            return field(array.element());
        }
        if (type instanceof Decimal) {
            return lenient("double");
        }
        return switch ((Primitive) type) {
            case BOOLEAN -> plain("boolean");
            // As wide as the column can become, since a field's type never changes.
            case INT32, INT64 -> lenient("long");
            case FLOAT32, FLOAT64 -> lenient("double");
            case STRING, JSON -> text();
            case BYTES -> plain("binary");
            case DATE -> lenient("date").put("format", "strict_date");
            case TIME, UUID -> plain("keyword").put("ignore_above", LONGEST_KEYWORD);
            case TIMESTAMP, TIMESTAMP_TZ -> lenient("date").put("format", "strict_date_optional_time");
        };
    }

    private static ObjectNode plain(String type) {
        return NODES.objectNode().put("type", type);
    }

    private static ObjectNode lenient(String type) {
        return plain(type).put("ignore_malformed", true);
    }

    private static ObjectNode text() {
        // Without norms: they rank short texts before long ones, and cost a third of what a refresh does for each word.
        ObjectNode text = plain("text").put("norms", false);
        text.putObject("fields").set("keyword", plain("keyword").put("ignore_above", LONGEST_KEYWORD));
        return text;
    }
}
