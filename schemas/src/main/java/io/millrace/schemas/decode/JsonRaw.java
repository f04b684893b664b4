package io.millrace.schemas.decode;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values as JSON has them, before anybody says what types they are: {@link String}, {@link Boolean}, {@link Long},
 * {@link NumberText}, {@link List}, {@link Map} and null.
 *
 * <p>A record says which table it is of behind its rows, so the rows are read before their columns' types are known.
 */
final class JsonRaw {
    /** More digits may not fit a long. */
    private static final int LONG_CHARS = 18;

    /** A number that is no long, as it is written. */
    record NumberText(String text) {}

    private JsonRaw() {}

    /** Reads the value at the cursor, and leaves the cursor on its last token. */
    static @Nullable Object read(JsonParser in) throws IOException {
        return switch (in.currentToken()) {
            case VALUE_STRING -> in.getText();
            case VALUE_NUMBER_INT -> in.getTextLength() <= LONG_CHARS ? in.getLongValue() : number(in.getText());
            case VALUE_NUMBER_FLOAT -> new NumberText(in.getText());
            case VALUE_NULL -> null;
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            case START_ARRAY -> list(in);
            case START_OBJECT -> map(in);
            default -> throw new JsonRecords.Broken("it ends too early");
        };
    }

    private static Object number(String digits) {
        try {
            return Long.valueOf(digits);
        } catch (NumberFormatException e) {
            return new NumberText(digits);
        }
    }

    private static List<@Nullable Object> list(JsonParser in) throws IOException {
        List<@Nullable Object> elements = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            elements.add(read(in));
        }
        return elements;
    }

    private static Map<String, @Nullable Object> map(JsonParser in) throws IOException {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            in.nextToken();
            members.put(name, read(in));
        }
        return members;
    }

    /** The text of a value: of a text itself, of everything else its JSON. */
    static String text(Object raw) {
        if (raw instanceof String || raw instanceof Long || raw instanceof Boolean) {
            return raw.toString();
        }
        return raw instanceof NumberText number ? number.text() : json(raw);
    }

    /** A value as JSON text. */
    static String json(@Nullable Object raw) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JsonRecords.FACTORY.createGenerator(text)) {
            write(raw, out);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write JSON into memory", e);
        }
        return text.toString();
    }

    private static void write(@Nullable Object raw, JsonGenerator out) throws IOException {
        if (raw instanceof String text) {
            out.writeString(text);
        } else if (raw instanceof Long number) {
            out.writeNumber(number);
        } else if (raw instanceof NumberText number) {
            out.writeNumber(number.text());
        } else if (raw instanceof Boolean truth) {
            out.writeBoolean(truth);
        } else if (raw instanceof List<?> elements) {
            out.writeStartArray();
            for (Object element : elements) {
                write(element, out);
            }
            out.writeEndArray();
        } else if (raw instanceof Map<?, ?> members) {
            out.writeStartObject();
            for (Map.Entry<?, ?> member : members.entrySet()) {
                out.writeFieldName((String) member.getKey());
                write(member.getValue(), out);
            }
            out.writeEndObject();
        } else {
            out.writeNull();
        }
    }
}
