package io.millrace.schemas.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Array;
import io.millrace.schemas.event.ColumnType.Decimal;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.event.KeyText;
import io.millrace.schemas.event.Row;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row as the JSON that the search index keeps: exactly the source's columns, with nulls.
 *
 * <p>No value loses anything on the way: decimals are strings of all their digits (the index's mapping makes them
 * numbers), and so are NaN and the infinities, which JSON's numbers do not have. Bytes are base64, dates and times
 * the texts of {@link KeyText}.
 */
public final class Document {
    private static final JsonFactory JSON = new JsonFactory();

    private Document() {}

    /**
     * Writes a row as one JSON object in UTF-8, without line breaks.
     *
     * @param row a row of which every value is known
     */
    public static byte[] of(Row row) {
        return of(row, Map.of());
    }

    /**
     * Writes a row whose columns are not all kept under their own names.
     *
     * @param row a row of which every value is known
     * @param fields the field's name of each column that has another one
     */
    public static byte[] of(Row row, Map<String, String> fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            List<Column> columns = row.schema().columns();
            for (int i = 0; i < columns.size(); i++) {
                String column = columns.get(i).name();
                json.writeFieldName(fields.getOrDefault(column, column));
                writeValue(json, columns.get(i).type(), row.value(i));
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write JSON to memory", e);
        }
        return bytes.toByteArray();
    }

    private static void writeValue(JsonGenerator json, ColumnType type, @Nullable Object value) throws IOException {
        if (value == null) {
            json.writeNull();
        } else if (type instanceof Primitive primitive) {
            writePrimitive(json, primitive, value);
        } else if (type instanceof Decimal) {
            json.writeString(((BigDecimal) value).toPlainString());
        } else if (type instanceof Array array) {
            json.writeStartArray();
            for (Object element : (List<?>) value) {
                writeValue(json, array.element(), element);
            }
            json.writeEndArray();
        }
    }

    private static void writePrimitive(JsonGenerator json, Primitive type, Object value) throws IOException {
        switch (type) {
            case BOOLEAN -> json.writeBoolean((Boolean) value);
            case INT32 -> json.writeNumber((Integer) value);
            case INT64 -> json.writeNumber((Long) value);
            case FLOAT32 -> {
                float number = (Float) value;
                if (Float.isFinite(number)) {
                    json.writeNumber(number);
                } else {
                    json.writeString(Float.toString(number));
                }
            }
            case FLOAT64 -> {
                double number = (Double) value;
                if (Double.isFinite(number)) {
                    json.writeNumber(number);
                } else {
                    json.writeString(Double.toString(number));
                }
            }
            case STRING, JSON -> json.writeString((String) value);
            case BYTES -> json.writeString(base64((ByteBuffer) value));
            case DATE, TIME, TIMESTAMP, TIMESTAMP_TZ, UUID -> json.writeString(KeyText.of(type, value));
        }
    }

    private static String base64(ByteBuffer value) {
        byte[] bytes = new byte[value.remaining()];
        value.duplicate().get(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }
}
