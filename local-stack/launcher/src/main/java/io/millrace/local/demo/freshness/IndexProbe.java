package io.millrace.local.demo.freshness;

import io.millrace.local.reconcile.JsonReader;
import io.millrace.local.reconcile.SearchCluster;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds the versions of documents that searches have begun to see.
 *
 * <p>Every write of a shard has a number of its own that grows, so a search for greater numbers than the last one finds
 * each new version once and nothing else. Deletes leave no version to be found. Holds for indexes of one shard, as those
 * of the local stack are.
 */
final class IndexProbe {
    private static final int MOST_AT_ONCE = 2_000;

    private final SearchCluster cluster;
    private final Freshness freshness;
    /** The last number seen, by index. */
    private final Map<String, Long> cursors = new LinkedHashMap<>();

    private final Map<String, String> tables;

    /**
     * @param tables the table of each index
     */
    IndexProbe(SearchCluster cluster, Map<String, String> tables, Freshness freshness) {
        this.cluster = cluster;
        this.tables = tables;
        this.freshness = freshness;
        tables.keySet().forEach(index -> cursors.put(index, -1L));
    }

    /** Looks once; true if there may be more to see at once. */
    boolean look() throws IOException, InterruptedException {
        List<String> indexes = new ArrayList<>(cursors.keySet());
        StringBuilder body = new StringBuilder();
        for (String index : indexes) {
            body.append("{\"index\": \"%s\"}\n".formatted(index))
                    .append(("{\"size\": %s, \"_source\": false, \"track_total_hits\": false,"
                                    + " \"query\": {\"range\": {\"_seq_no\": {\"gt\": %s}}}, \"sort\": [{\"_seq_no\": \"asc\"}],"
                                    + " \"docvalue_fields\": [{\"field\": \"updated_at\", \"format\": \"epoch_millis\"}]}\n")
                            .formatted(MOST_AT_ONCE, cursors.get(index)));
        }
        Map<String, @Nullable Object> answer = cluster.request("POST", "/_msearch", body.toString());
        Instant now = Instant.now();
        if (answer == null) {
            return false;
        }
        boolean more = false;
        List<?> responses = (List<?>) Objects.requireNonNull(answer.get("responses"));
        for (int i = 0; i < indexes.size(); i++) {
            more |= read(indexes.get(i), (Map<?, ?>) Objects.requireNonNull(responses.get(i)), now) == MOST_AT_ONCE;
        }
        return more;
    }

    private int read(String index, Map<?, ?> response, Instant now) {
        // Without hits: the index is not there yet.
        if (!(response.get("hits") instanceof Map<?, ?> outer) || !(outer.get("hits") instanceof List<?> hits)) {
            return 0;
        }
        for (Object each : hits) {
            Map<?, ?> hit = (Map<?, ?>) each;
            List<?> sort = (List<?>) Objects.requireNonNull(hit.get("sort"));
            cursors.put(index, Long.parseLong(((JsonReader.Number) Objects.requireNonNull(sort.get(0))).text()));
            if (hit.get("fields") instanceof Map<?, ?> fields
                    && fields.get("updated_at") instanceof List<?> values
                    && !values.isEmpty()) {
                Instant updatedAt = Instant.ofEpochMilli(Long.parseLong(String.valueOf(values.get(0))));
                freshness.seen(Objects.requireNonNull(tables.get(index)), updatedAt, now);
            }
        }
        return hits.size();
    }
}
