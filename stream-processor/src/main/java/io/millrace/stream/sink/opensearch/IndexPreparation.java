package io.millrace.stream.sink.opensearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.document.IndexMapping;
import io.millrace.schemas.event.RowSchema;
import io.millrace.stream.sink.opensearch.OpenSearchClient.Reply;
import java.io.IOException;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that an index is there and maps all columns, before the first document with them comes.
 *
 * <p>Several writers may do so at once, and an index may have been made by somebody else: what is there stays, what is
 * missing is added. A column whose type has changed keeps its mapping, under which {@code ignore_malformed} lets in what
 * does not fit.
 */
public final class IndexPreparation {
    /** Every text column counts twice, and PostgreSQL tables have up to 1,600 columns. */
    private static final int MOST_FIELDS = 4000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final OpenSearchClient client;
    private final int replicas;

    /**
     * Prepares indexes of one cluster.
     *
     * @param replicas how many copies beside the first a new index gets
     */
    public IndexPreparation(OpenSearchClient client, int replicas) {
        this.client = client;
        this.replicas = replicas;
    }

    /**
     * Makes an index fit for rows of a schema.
     *
     * @throws BusyException if the cluster did not answer or could not do it now; the same call may succeed later
     * @throws IOException if the cluster refused
     */
    public void prepare(String index, RowSchema schema) throws IOException, InterruptedException {
        ObjectNode wanted = IndexMapping.of(schema);
        Reply present = ask("GET", index + "/_mapping", null);
        if (present.status() == 404) {
            Reply created = ask("PUT", index, JSON.writeValueAsBytes(newIndex(wanted)));
            if (created.isSuccess()) {
                return;
            }
            // Another writer may have been faster.
            present = ask("GET", index + "/_mapping", null);
            if (present.status() == 404) {
                throw new IOException("Cannot create index: " + index + ". OpenSearch says: " + created.excerpt());
            }
        }
        if (!present.isSuccess()) {
            throw new IOException("Cannot read mapping of index: " + index + ". OpenSearch says: " + present.excerpt());
        }
        ObjectNode missing = missing(JSON.readTree(present.body()), wanted);
        if (!missing.isEmpty()) {
            ObjectNode update = JSON.createObjectNode().set("properties", missing);
            Reply updated = ask("PUT", index + "/_mapping", JSON.writeValueAsBytes(update));
            if (!updated.isSuccess()) {
                throw new IOException(
                        "Cannot add columns to index: " + index + ". OpenSearch says: " + updated.excerpt());
            }
        }
    }

    private ObjectNode newIndex(ObjectNode mappings) {
        ObjectNode index = JSON.createObjectNode();
        ObjectNode settings = index.putObject("settings").putObject("index");
        settings.put("number_of_shards", 1);
        settings.put("number_of_replicas", replicas);
        settings.put("refresh_interval", "1s");
        // For this long a deleted document's version is remembered, so that an older change does not bring it back.
        settings.put("gc_deletes", "1h");
        settings.put("mapping.total_fields.limit", MOST_FIELDS);
        index.set("mappings", mappings);
        return index;
    }

    /** The wanted properties that no index of the answer has: behind an alias there may be several. */
    static ObjectNode missing(JsonNode mappingsByIndex, ObjectNode wanted) {
        ObjectNode missing = JSON.createObjectNode();
        Iterator<Map.Entry<String, JsonNode>> properties =
                wanted.path("properties").fields();
        while (properties.hasNext()) {
            Map.Entry<String, JsonNode> property = properties.next();
            for (JsonNode index : mappingsByIndex) {
                if (!index.path("mappings").path("properties").has(property.getKey())) {
                    missing.set(property.getKey(), property.getValue());
                }
            }
        }
        return missing;
    }

    private Reply ask(String method, String path, byte @Nullable [] body) throws IOException, InterruptedException {
        try {
            Reply reply = client.send(method, "/" + path, body).get();
            if (reply.isBusy()) {
                throw new BusyException(
                        "Cannot prepare index: OpenSearch answers " + reply.status() + " to " + method + " " + path,
                        null);
            }
            return reply;
        } catch (ExecutionException e) {
            throw new BusyException("Cannot prepare index: OpenSearch does not answer", e.getCause());
        }
    }

    /** The cluster did not answer, or could not do it now. */
    public static final class BusyException extends IOException {
        private static final long serialVersionUID = 1L;

        BusyException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
