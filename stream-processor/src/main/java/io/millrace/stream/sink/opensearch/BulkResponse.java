package io.millrace.stream.sink.opensearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Reads the answer to a bulk request. */
final class BulkResponse {
    /** What the answer is reduced to. */
    static final String FILTER =
            "errors,items.*.status,items.*.error.type,items.*.error.reason,items.*.error.caused_by";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int VERSION_CONFLICT = 409;

    private BulkResponse() {}

    /**
     * The results of the items, in their order.
     *
     * @param body the answer to a request that was taken as a whole
     * @param count how many items the request had
     * @throws IOException if the answer is not to the point
     */
    static List<ItemResult> parse(byte[] body, int count) throws IOException {
        JsonNode response = JSON.readTree(body);
        if (!response.path("errors").isBoolean()) {
            throw new IOException("Cannot read bulk response: it does not say whether there were errors");
        }
        if (!response.path("errors").booleanValue()) {
            return Collections.nCopies(count, new ItemResult.Done());
        }
        JsonNode items = response.path("items");
        if (items.size() != count) {
            throw new IOException("Cannot read bulk response: it has " + items.size() + " items for " + count);
        }
        List<ItemResult> results = new ArrayList<>(count);
        for (JsonNode item : items) {
            results.add(result(item.elements().next()));
        }
        return results;
    }

    private static ItemResult result(JsonNode item) {
        int status = item.path("status").asInt();
        JsonNode error = item.path("error");
        // A delete of a document that is not there answers 404, without an error.
        if (error.isMissingNode()) {
            return new ItemResult.Done();
        }
        String type = error.path("type").asText("error");
        if (status == VERSION_CONFLICT) {
            return new ItemResult.Stale();
        }
        if (status == TOO_MANY_REQUESTS || status >= 500 || type.equals("cluster_block_exception")) {
            return new ItemResult.Busy(type);
        }
        if (type.equals("index_not_found_exception") || type.equals("security_exception")) {
            return new ItemResult.Impossible(type);
        }
        return new ItemResult.Refused(
                type + ": " + withoutContents(error.path("reason").asText("")));
    }

    /** OpenSearch quotes the value that it cannot take. */
    private static String withoutContents(String reason) {
        int preview = reason.indexOf(". Preview of field's value");
        return preview < 0 ? reason : reason.substring(0, preview);
    }
}
