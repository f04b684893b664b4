package io.millrace.stream.sink.opensearch;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.event.RowSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A document that its index refused, as a document of the index of dead letters.
 *
 * <p>It cannot go back into the job's stream of dead letters, as a sink has no output; so it stays where it came to.
 */
public final class RefusedDocument {
    /** The index of refused documents. */
    public static final String INDEX = "millrace-dead-letters";

    /** The columns of its documents. */
    public static final RowSchema SCHEMA = new RowSchema(List.of(
            new Column("code", Primitive.STRING, false),
            new Column("reason", Primitive.STRING, false),
            new Column("table", Primitive.STRING, false),
            new Column("index", Primitive.STRING, false),
            new Column("id", Primitive.STRING, false),
            new Column("version", Primitive.INT64, false)));

    private static final ObjectMapper JSON = new ObjectMapper();

    private RefusedDocument() {}

    /** The refused item as an item for {@link #INDEX}; refused again, it is the same. */
    public static BulkItem of(BulkItem item, String reason) {
        ObjectNode letter = JSON.createObjectNode();
        letter.put("code", DeadLetterCode.DOCUMENT_REFUSED.name());
        letter.put("reason", reason);
        letter.put("table", item.table());
        letter.put("index", item.index());
        letter.put("id", item.id());
        letter.put("version", item.version());
        if (item.document() != null) {
            // As text, so that nothing in it can be refused again; not mapped, and so not indexed.
            letter.put("document", new String(item.document(), StandardCharsets.UTF_8));
        }
        try {
            return new BulkItem(
                    INDEX,
                    // One letter a document: a newer refusal replaces an older one.
                    new RowKey(INDEX, item.index() + "/" + item.id()).documentId(),
                    item.version(),
                    JSON.writeValueAsBytes(letter),
                    item.table(),
                    item.eventTimeMicros());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write JSON to memory", e);
        }
    }
}
