package io.millrace.local.reconcile;

import static io.millrace.local.reconcile.SearchCluster.object;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The documents of an index that a search finds, scrolled through as they are at a moment. */
final class IndexRows implements RowsOfTable {
    private static final int FIRST_PAGE = 50;
    private static final int LARGEST_PAGE = 1_000;
    private static final int BYTES_OF_A_PAGE = 4 << 20;
    private static final String KEEP_ALIVE = "5m";

    private final SearchCluster cluster;
    private final String index;
    private final ComparedTable table;

    IndexRows(SearchCluster cluster, String index, ComparedTable table) {
        this.cluster = cluster;
        this.index = URLEncoder.encode(index, StandardCharsets.UTF_8);
        this.table = table;
    }

    @Override
    public void scan(Consumer<ComparedRow> rows) {
        if (!refresh()) {
            return;
        }
        Map<String, @Nullable Object> answer = ask(
                "POST",
                "/" + index + "/_search?scroll=" + KEEP_ALIVE,
                "{\"size\": " + pageSize() + ", \"sort\": [\"_doc\"]}");
        if (answer == null) {
            return;
        }
        String scroll = json((String) Objects.requireNonNull(answer.get("_scroll_id")));
        try {
            List<?> hits = hits(answer);
            while (!hits.isEmpty()) {
                for (Object hit : hits) {
                    rows.accept(read(object(hit)));
                }
                answer = ask(
                        "POST",
                        "/_search/scroll",
                        "{\"scroll\": \"" + KEEP_ALIVE + "\", \"scroll_id\": " + scroll + "}");
                if (answer == null) {
                    throw new ReconcileProblem(
                            "Cannot read index " + index + " to its end: the scroll has expired." + " Try again.");
                }
                scroll = json((String) Objects.requireNonNull(answer.get("_scroll_id")));
                hits = hits(answer);
            }
        } finally {
            ask("DELETE", "/_search/scroll", "{\"scroll_id\": [" + scroll + "]}");
        }
    }

    /** As many documents as make up some megabytes. */
    private int pageSize() {
        Map<String, @Nullable Object> stats = ask("GET", "/" + index + "/_stats/docs,store", "");
        if (stats == null) {
            return FIRST_PAGE;
        }
        Map<String, @Nullable Object> primaries =
                object(object(stats.get("_all")).get("primaries"));
        long documents = number(object(primaries.get("docs")).get("count"));
        long bytes = number(object(primaries.get("store")).get("size_in_bytes"));
        long average = Math.max(1, bytes / Math.max(1, documents));
        return (int) Math.max(1, Math.min(LARGEST_PAGE, BYTES_OF_A_PAGE / average));
    }

    private static long number(@Nullable Object value) {
        return value instanceof JsonReader.Number number ? Long.parseLong(number.text()) : 0;
    }

    @Override
    public Map<String, List<ComparedRow>> find(Map<String, List<String>> keysById) {
        Map<String, List<ComparedRow>> found = new HashMap<>();
        if (!refresh()) {
            return found;
        }
        List<String> ids = new ArrayList<>(keysById.keySet());
        for (int from = 0; from < ids.size(); from += FIRST_PAGE) {
            List<String> some = ids.subList(from, Math.min(ids.size(), from + FIRST_PAGE));
            String list = some.stream().map(IndexRows::json).collect(Collectors.joining(", "));
            Map<String, @Nullable Object> answer = ask(
                    "POST",
                    "/" + index + "/_search",
                    "{\"size\": " + FIRST_PAGE + ", \"query\": {\"ids\": {\"values\": [" + list + "]}}}");
            if (answer != null) {
                for (Object hit : hits(answer)) {
                    ComparedRow row = read(object(hit));
                    found.computeIfAbsent(row.id(), id -> new ArrayList<>()).add(row);
                }
            }
        }
        return found;
    }

    /** Makes everything that was written visible to searches; false if there is no index yet. */
    private boolean refresh() {
        return ask("POST", "/" + index + "/_refresh", "") != null;
    }

    private static List<?> hits(Map<String, @Nullable Object> answer) {
        return (List<?>) Objects.requireNonNull(object(answer.get("hits")).get("hits"));
    }

    private @Nullable Map<String, @Nullable Object> ask(String method, String path, String body) {
        try {
            return cluster.request(method, path, body);
        } catch (IOException e) {
            throw new ReconcileProblem(
                    "Cannot search index " + index + " at " + cluster.host() + ": " + e
                            + ". Check that OpenSearch is up.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ReconcileProblem("Cannot go on comparing: interrupted", e);
        }
    }

    private ComparedRow read(Map<String, @Nullable Object> hit) {
        Map<String, @Nullable Object> document = object(hit.get("_source"));
        List<@Nullable String> values = new ArrayList<>(table.columns().size());
        for (SourceColumn column : table.columns()) {
            // A document that was written before a column was added does not have it: no value, like null.
            values.add(DocumentValue.canonical(column.type(), document.get(fieldOf(column.name(), document))));
        }
        return new ComparedRow((String) Objects.requireNonNull(hit.get("_id")), values);
    }

    /** A renamed column may be kept in the field that it had before. */
    private String fieldOf(String column, Map<String, @Nullable Object> document) {
        String field = column;
        Map<String, String> renames = table.route().renames();
        while (!document.containsKey(field) && renames.containsKey(field)) {
            field = renames.get(field);
        }
        return field;
    }

    private static String json(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }
}
