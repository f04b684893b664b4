package io.millrace.stream.sink.opensearch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** The body of a bulk request: for each item a line that says what to do, and the document's line unless it is deleted. */
final class BulkRequest {
    /** A line's end is what separates two actions. */
    private static final JsonFactory JSON =
            new JsonFactoryBuilder().rootValueSeparator("").build();

    private BulkRequest() {}

    static byte[] body(List<BulkItem> items) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(
                items.stream().mapToInt(BulkItem::bytes).sum());
        try (JsonGenerator json = JSON.createGenerator(body)) {
            for (BulkItem item : items) {
                json.writeStartObject();
                json.writeObjectFieldStart(item.document() == null ? "delete" : "index");
                json.writeStringField("_index", item.index());
                json.writeStringField("_id", item.id());
                json.writeNumberField("version", item.version());
                json.writeStringField("version_type", "external");
                json.writeEndObject();
                json.writeEndObject();
                json.flush();
                body.write('\n');
                if (item.document() != null) {
                    body.writeBytes(item.document());
                    body.write('\n');
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write JSON to memory", e);
        }
        return body.toByteArray();
    }
}
