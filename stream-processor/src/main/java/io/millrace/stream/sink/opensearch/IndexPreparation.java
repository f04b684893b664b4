package io.millrace.stream.sink.opensearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.document.IndexMapping;
import io.millrace.schemas.event.RowSchema;
import io.millrace.stream.sink.opensearch.OpenSearchClient.Reply;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that an index is there and maps all columns, before the first document with them comes.
 *
 * <p>Several writers may do so at once, and an index may have been made by somebody else: what is there stays, what is
 * missing is added, by {@link IndexPlan}.
 */
public final class IndexPreparation {
    /** Every text column counts twice, and PostgreSQL tables have up to 1,600 columns. */
    private static final int MOST_FIELDS = 4000;

    private static final int BAD_REQUEST = 400;

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
     * What an index needs for rows of a schema; changes nothing.
     *
     * @throws BusyException if the cluster did not answer or could not do it now; the same call may succeed later
     * @throws IOException if the cluster refused
     */
    IndexPlan look(IndexRoute route, RowSchema schema) throws IOException, InterruptedException {
        JsonNode mappings = mappings(route.index());
        return IndexPlan.of(mappings == null ? JSON.createObjectNode() : mappings, schema, route.renames());
    }

    /**
     * Makes an index fit for rows of a schema.
     *
     * @return what it needed, or why it never will fit
     * @throws BusyException if the cluster did not answer or could not do it now; the same call may succeed later
     * @throws IOException if the cluster refused
     */
    IndexPlan prepare(IndexRoute route, RowSchema schema) throws IOException, InterruptedException {
        String index = route.index();
        JsonNode present = mappings(index);
        if (present == null) {
            Reply created = ask("PUT", index, JSON.writeValueAsBytes(newIndex(IndexMapping.of(schema))));
            present = mappings(index);
            // Another writer may have been faster.
            if (present == null) {
                return refused("Cannot create index: " + index, created);
            }
        }
        IndexPlan plan = IndexPlan.of(present, schema, route.renames());
        if (plan.refusal() == null && !plan.missing().isEmpty()) {
            ObjectNode update = JSON.createObjectNode().set("properties", plan.missing());
            Reply updated = ask("PUT", index + "/_mapping", JSON.writeValueAsBytes(update));
            if (!updated.isSuccess()) {
                return refused("Cannot add columns to index: " + index, updated);
            }
        }
        return plan;
    }

    /** What the cluster calls a bad request will not be better later; rights and the like may be. */
    private static IndexPlan refused(String what, Reply reply) throws IOException {
        String message = what + ". OpenSearch says: " + reply.excerpt();
        if (reply.status() == BAD_REQUEST) {
            return new IndexPlan(JSON.createObjectNode(), Map.of(), message);
        }
        throw new IOException(message);
    }

    /** For rows of a schema: the field's name of each column that has another one in the index. */
    public Map<String, String> fields(IndexRoute route, RowSchema schema) throws IOException, InterruptedException {
        return prepare(route, schema).fields();
    }

    /** Whether an index has documents that a search finds; false if there is no such index. */
    boolean holdsDocuments(String index) throws IOException, InterruptedException {
        Reply counted = ask("GET", index + "/_count", null);
        if (counted.status() == 404) {
            return false;
        }
        if (!counted.isSuccess()) {
            throw new IOException(
                    "Cannot count documents of index: " + index + ". OpenSearch says: " + counted.excerpt());
        }
        return JSON.readTree(counted.body()).path("count").asLong() > 0;
    }

    private @Nullable JsonNode mappings(String index) throws IOException, InterruptedException {
        Reply present = ask("GET", index + "/_mapping", null);
        if (present.status() == 404) {
            return null;
        }
        if (!present.isSuccess()) {
            throw new IOException("Cannot read mapping of index: " + index + ". OpenSearch says: " + present.excerpt());
        }
        return JSON.readTree(present.body());
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
