package io.millrace.stream.sink.opensearch;

import io.millrace.stream.sink.opensearch.OpenSearchClient.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** One bulk request and its answer; a request that is not answered, or not taken as a whole, leaves all its items busy. */
public final class BulkExchange {
    private static final int TOO_LARGE = 413;

    private final OpenSearchClient client;

    public BulkExchange(OpenSearchClient client) {
        this.client = client;
    }

    /** Sends items; the future has a result for each and fails only if trying again is of no use. */
    public CompletableFuture<List<ItemResult>> send(List<BulkItem> items) {
        return client.send("POST", "/_bulk?filter_path=" + BulkResponse.FILTER, BulkRequest.body(items))
                .handle((reply, failure) -> {
                    if (failure != null) {
                        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                        return all(items, new ItemResult.Busy("no answer, " + cause));
                    }
                    return results(items, reply);
                });
    }

    private static List<ItemResult> results(List<BulkItem> items, Reply reply) {
        if (reply.isBusy()) {
            return all(items, new ItemResult.Busy("OpenSearch answers " + reply.status()));
        }
        if (reply.status() == TOO_LARGE && items.size() == 1) {
            return all(
                    items, new ItemResult.Refused("the document is larger than OpenSearch's http.max_content_length"));
        }
        try {
            if (!reply.isSuccess()) {
                throw new IOException(
                        "Cannot write to OpenSearch: it answers " + reply.status() + ", " + reply.excerpt());
            }
            return BulkResponse.parse(reply.body(), items.size());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<ItemResult> all(List<BulkItem> items, ItemResult result) {
        return Collections.nCopies(items.size(), result);
    }
}
