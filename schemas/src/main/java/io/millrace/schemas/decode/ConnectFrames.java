package io.millrace.schemas.decode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.schemas.decode.AvroShapes.Unsupported;
import io.millrace.schemas.event.RowSchema;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.pipeline.TableRoute;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the payload of {@code {"schema": …, "payload": …}}, and what its schema says of it.
 *
 * <p>The schema is most of such a record, and the same in all records of a table. So what stands before a payload is
 * remembered: a record that begins with the same bytes is not parsed before its payload.
 */
final class ConnectFrames {
    /** A bound on memory; a source has few tables, and a table few schemas at a time. */
    private static final int MOST_BYTES = 16 << 20;

    private static final byte[] SCHEMA = "\"schema\"".getBytes(StandardCharsets.UTF_8);
    private static final byte[] PAYLOAD = "\"payload\"".getBytes(StandardCharsets.UTF_8);

    private final ObjectMapper mapper = new ObjectMapper(JsonRecords.FACTORY);

    /** The latest first. */
    private final List<Known> known = new ArrayList<>();

    private int knownBytes;

    /** The payload's place in a record, and what it is. */
    record Frame(Content content, int from, int to) {}

    /** What a payload is. */
    sealed interface Content {
        /** No schema is there to tell. */
        enum Untold implements Content {
            BARE
        }

        /** Rows of these columns. */
        record Rows(RowSchema schema, List<JsonColumn> columns, Map<TableId, JsonRowPlans> plans) implements Content {
            JsonRowPlans plans(TableRoute route) {
                return plans.computeIfAbsent(
                        route.table(),
                        of -> new JsonRowPlans(fields -> JsonRowPlan.of(route, schema, columns, fields)));
            }
        }

        record Controls(Decoding.Control control) implements Content {}

        record Unreadable(String reason) implements Content {}
    }

    private record Known(byte[] prefix, Content content) {}

    /** The frame of a record that begins as an earlier one; null if none did. */
    @Nullable
    Frame find(byte[] data) {
        for (int i = 0; i < known.size(); i++) {
            Known each = known.get(i);
            int length = each.prefix.length;
            if (length < data.length && Arrays.equals(data, 0, length, each.prefix, 0, length)) {
                if (i > 0) {
                    known.remove(i);
                    known.add(0, each);
                }
                int end = data.length - 1;
                while (end > length && isBlank(data[end])) {
                    end--;
                }
                return new Frame(each.content, length, end);
            }
        }
        return null;
    }

    /** The frame of any record; a record without one is all payload. */
    Frame read(byte[] data) throws IOException {
        if (!hasFrame(data)) {
            return new Frame(Content.Untold.BARE, 0, data.length);
        }
        try (JsonParser in = JsonRecords.open(data, 0, data.length)) {
            in.nextToken();
            Content content = Content.Untold.BARE;
            int from = -1;
            int to = -1;
            boolean schemaFirst = false;
            for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                in.nextToken();
                int start = (int) in.currentTokenLocation().getByteOffset();
                in.skipChildren();
                in.finishToken();
                int end = (int) in.currentLocation().getByteOffset();
                if (name.equals("payload")) {
                    from = start;
                    to = end;
                } else if (name.equals("schema") && in.currentToken() != JsonToken.VALUE_NULL) {
                    content = content(mapper.readTree(data, start, end - start));
                    schemaFirst = from < 0;
                }
            }
            JsonRecords.requireEnd(in);
            if (from < 0) {
                throw new JsonRecords.Broken("it has a schema and no payload");
            }
            if (schemaFirst) {
                remember(Arrays.copyOf(data, from), content);
            }
            return new Frame(content, from, to);
        }
    }

    private static boolean hasFrame(byte[] data) {
        int at = skipBlanks(data, 0);
        if (at == data.length || data[at] != '{') {
            return false;
        }
        int name = skipBlanks(data, at + 1);
        return startsWith(data, name, SCHEMA) || startsWith(data, name, PAYLOAD);
    }

    private static boolean startsWith(byte[] data, int at, byte[] name) {
        return at + name.length <= data.length && Arrays.equals(data, at, at + name.length, name, 0, name.length);
    }

    private static int skipBlanks(byte[] data, int from) {
        int at = from;
        while (at < data.length && isBlank(data[at])) {
            at++;
        }
        return at;
    }

    private static boolean isBlank(byte c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }

    private void remember(byte[] prefix, Content content) {
        if (prefix.length > MOST_BYTES) {
            return;
        }
        known.add(0, new Known(prefix, content));
        knownBytes += prefix.length;
        while (knownBytes > MOST_BYTES) {
            knownBytes -= known.remove(known.size() - 1).prefix.length;
        }
    }

    private static Content content(JsonNode schema) {
        try {
            JsonNode rows = field(schema, "after");
            if (rows == null || field(schema, "op") == null || field(schema, "source") == null) {
                String control = control(schema.path("name").asText(""));
                return control == null
                        ? new Content.Unreadable("Cannot use schema: it is that of no change event")
                        : new Content.Controls(new Decoding.Control(control));
            }
            List<String> names = new ArrayList<>();
            List<JsonColumn> columns = new ArrayList<>();
            for (JsonNode column : rows.path("fields")) {
                names.add(column.path("field").asText(""));
                columns.add(ConnectColumns.of(column));
            }
            return new Content.Rows(JsonRowPlan.schema(names, columns), columns, new HashMap<>());
        } catch (Unsupported e) {
            return new Content.Unreadable("Cannot use schema: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            return new Content.Unreadable("Cannot use schema: it has two columns of one name");
        }
    }

    private static @Nullable JsonNode field(JsonNode schema, String name) {
        for (JsonNode field : schema.path("fields")) {
            if (field.path("field").asText("").equals(name)) {
                return field;
            }
        }
        return null;
    }

    /** The kind of records that Debezium writes beside envelopes. */
    private static @Nullable String control(String schemaName) {
        return DebeziumAvroDecoder.control(schemaName.substring(schemaName.lastIndexOf('.') + 1));
    }
}
