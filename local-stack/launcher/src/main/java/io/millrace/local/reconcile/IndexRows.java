package io.millrace.local.reconcile;

import static io.millrace.local.reconcile.SearchCluster.object;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.millrace.schemas.document.FieldName;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The documents of an index that a search finds; none while there is no index, which is made with its first document.
 *
 * <p>A view is a point in time of the index. It is read in ranges of sequence numbers, which every document has and the
 * index finds fast, so that no request takes for ever.
 */
final class IndexRows implements RowsOfTable {
    private static final int FEW = 50;

    /** What an index answers at most at once, unless it is told otherwise. */
    private static final int LARGEST_PAGE = 10_000;

    private static final int BYTES_OF_A_PAGE = 4 << 20;
    private static final long DOCUMENTS_OF_A_SCRIPT = 2_000_000;
    private static final Duration SCRIPT_TIMEOUT = Duration.ofMinutes(15);
    private static final String KEEP_ALIVE = "1h";

    private final SearchCluster cluster;
    private final String index;
    private final ComparedTable table;
    private final Optional<IndexScripts> scripts;

    IndexRows(SearchCluster cluster, String index, ComparedTable table) {
        this.cluster = cluster;
        this.index = URLEncoder.encode(index, StandardCharsets.UTF_8);
        this.table = table;
        this.scripts = IndexScripts.of(table);
    }

    @Override
    public TableView open() {
        return new View();
    }

    @Override
    public long bytesRead() {
        return cluster.bytesRead();
    }

    @Override
    public Map<String, List<ComparedRow>> find(Map<String, List<String>> keysById) {
        Map<String, List<ComparedRow>> found = new HashMap<>();
        if (!refresh()) {
            return found;
        }
        List<String> ids = new ArrayList<>(keysById.keySet());
        for (int from = 0; from < ids.size(); from += FEW) {
            List<String> some = ids.subList(from, Math.min(ids.size(), from + FEW));
            String list = some.stream().map(IndexRows::json).collect(Collectors.joining(", "));
            Map<String, @Nullable Object> answer = ask(
                    "POST",
                    "/" + index + "/_search",
                    "{\"size\": " + FEW + ", \"query\": {\"ids\": {\"values\": [" + list + "]}}}");
            if (answer != null) {
                for (Object hit : hits(answer)) {
                    ComparedRow row = read(object(hit));
                    found.computeIfAbsent(row.id(), id -> new ArrayList<>()).add(row);
                }
            }
        }
        return found;
    }

    /** The versions of the documents that are there. */
    Map<String, Long> versions(List<String> ids) {
        Map<String, Long> versions = new HashMap<>();
        for (int from = 0; from < ids.size(); from += LARGEST_PAGE) {
            String list = ids.subList(from, Math.min(ids.size(), from + LARGEST_PAGE)).stream()
                    .map(IndexRows::json)
                    .collect(Collectors.joining(", "));
            Map<String, @Nullable Object> answer =
                    ask("POST", "/" + index + "/_mget?_source=false", "{\"ids\": [" + list + "]}");
            if (answer != null) {
                for (Object each : (List<?>) Objects.requireNonNull(answer.get("docs"))) {
                    Map<String, @Nullable Object> document = object(each);
                    if (Boolean.TRUE.equals(document.get("found"))) {
                        versions.put((String) document.get("_id"), number(document.get("_version")));
                    }
                }
            }
        }
        return versions;
    }

    /** A point in time. */
    private final class View implements TableView {
        private @Nullable String pointInTime;
        private long documents;
        private long lastNumber = -1;
        private long documentBytes = 1;

        View() {
            if (!refresh()) {
                return;
            }
            documentBytes = documentBytes();
            Map<String, @Nullable Object> opened =
                    ask("POST", "/" + index + "/_search/point_in_time?keep_alive=" + KEEP_ALIVE, "");
            if (opened == null) {
                return;
            }
            pointInTime = (String) opened.get("pit_id");
            Map<String, @Nullable Object> answer = search(
                    "\"size\": 0, \"track_total_hits\": true, \"aggs\": {\"last\": {\"max\": {\"field\": \"_seq_no\"}}}",
                    SearchCluster.TIMEOUT);
            documents = number(object(object(answer.get("hits")).get("total")).get("value"));
            lastNumber = documents == 0
                    ? -1
                    : number(object(object(answer.get("aggregations")).get("last"))
                            .get("value"));
        }

        @Override
        public long estimatedRows() {
            return documents;
        }

        @Override
        public void scan(BucketSet buckets, Consumer<ComparedRow> rows) {
            int page = (int) Math.max(1, Math.min(LARGEST_PAGE, BYTES_OF_A_PAGE / documentBytes));
            String script = buckets.isAll()
                    ? null
                    : scripts.map(of -> of.isInBuckets(buckets.buckets())).orElse(null);
            if (script == null) {
                ranges(page, (from, to) -> read(from, to, page, range -> "\"query\": " + range, rows));
                return;
            }
            String chosen = IntStream.range(0, buckets.buckets().count())
                    .mapToObj(bucket -> buckets.has(bucket) ? "1" : "0")
                    .collect(Collectors.joining());
            String score =
                    "\"script\": {\"source\": " + json(script) + ", \"params\": {\"buckets\": \"" + chosen + "\"}}";
            try {
                ranges(
                        DOCUMENTS_OF_A_SCRIPT,
                        (from, to) -> read(
                                from,
                                to,
                                page,
                                range -> "\"min_score\": 0.5, \"query\": {\"script_score\": {\"query\": " + range + ", "
                                        + score + "}}",
                                rows));
            } catch (Refused e) {
                scan(BucketSet.ALL, rows);
            }
        }

        /** Reads a range to its end. Documents of two shards may have one number: the last of a page is asked for again. */
        private void read(long from, long to, int page, UnaryOperator<String> query, Consumer<ComparedRow> rows) {
            long next = from;
            int size = page;
            Set<String> again = new HashSet<>();
            while (true) {
                Map<String, @Nullable Object> answer = search(
                        "\"size\": " + size + ", \"track_total_hits\": false, \"sort\": [{\"_seq_no\": \"asc\"}], "
                                + query.apply(range(next, to)),
                        SCRIPT_TIMEOUT);
                List<?> hits = hits(answer);
                boolean moved = false;
                for (Object hit : hits) {
                    Map<String, @Nullable Object> document = object(hit);
                    long number = number(((List<?>) Objects.requireNonNull(document.get("sort"))).get(0));
                    if (number > next) {
                        again.clear();
                        next = number;
                    }
                    if (again.add((String) document.get("_id"))) {
                        moved = true;
                        rows.accept(IndexRows.this.read(document));
                    }
                }
                if (hits.size() < size) {
                    return;
                }
                // More documents of one number than a page holds.
                size = moved ? page : Math.min(LARGEST_PAGE, size * 2);
            }
        }

        @Override
        public BucketChecksums checksums(Buckets buckets) {
            try {
                if (scripts.isPresent()) {
                    String aggregation = "\"aggs\": {\"sums\": {\"scripted_metric\": {\"init_script\": "
                            + json(IndexScripts.begin(buckets))
                            + ", \"map_script\": " + json(scripts.get().add(buckets))
                            + ", \"combine_script\": " + json(IndexScripts.ofShard())
                            + ", \"reduce_script\": " + json(IndexScripts.ofShards(buckets)) + "}}}";
                    BucketChecksums byScript = new BucketChecksums(buckets);
                    ranges(DOCUMENTS_OF_A_SCRIPT, (from, to) -> add(byScript, from, to, aggregation));
                    return byScript;
                }
            } catch (Refused e) {
                // A cluster that runs no scripts sends its documents.
            }
            return BucketChecksums.ofRows(this, table, buckets);
        }

        private void add(BucketChecksums sums, long from, long to, String aggregation) {
            Map<String, @Nullable Object> answer = search(
                    "\"size\": 0, \"track_total_hits\": false, \"query\": " + range(from, to) + ", " + aggregation,
                    SCRIPT_TIMEOUT);
            List<?> numbers = (List<?>) Objects.requireNonNull(
                    object(object(answer.get("aggregations")).get("sums")).get("value"));
            for (int at = 0; at < numbers.size(); at += 3) {
                sums.add(at / 3, number(numbers.get(at)), number(numbers.get(at + 1)), number(numbers.get(at + 2)));
            }
        }

        /** Cuts the numbers into ranges of about so many documents: most numbers may be of documents that were replaced. */
        private void ranges(long documentsOfOne, Range range) {
            if (pointInTime == null || documents == 0) {
                return;
            }
            long width = Math.max(1, (long) ((double) documentsOfOne / documents * (lastNumber + 1)));
            for (long from = 0; from <= lastNumber; from += width) {
                range.read(from, Math.min(from + width, lastNumber + 1));
            }
        }

        private static String range(long from, long to) {
            return "{\"range\": {\"_seq_no\": {\"gte\": " + from + ", \"lt\": " + to + "}}}";
        }

        private Map<String, @Nullable Object> search(String body, Duration timeout) {
            Map<String, @Nullable Object> answer = ask(
                    "POST",
                    "/_search",
                    "{\"pit\": {\"id\": " + json(Objects.requireNonNull(pointInTime)) + ", \"keep_alive\": \""
                            + KEEP_ALIVE + "\"}, " + body + "}",
                    timeout);
            if (answer == null) {
                throw new ReconcileProblem(
                        "Cannot read index " + index + " to its end: its view has expired. Try again.");
            }
            if (answer.get("pit_id") instanceof String same) {
                pointInTime = same;
            }
            return answer;
        }

        @Override
        public String moment() {
            return Long.toString(lastNumber);
        }

        @Override
        public void close() {
            if (pointInTime != null) {
                ask("DELETE", "/_search/point_in_time", "{\"pit_id\": [" + json(pointInTime) + "]}");
                pointInTime = null;
            }
        }
    }

    /** Reads the documents from one sequence number to before another. */
    private interface Range {
        void read(long from, long to);
    }

    /** The cluster cannot do what it was asked. */
    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(IOException cause) {
            super(cause);
        }
    }

    private long documentBytes() {
        Map<String, @Nullable Object> stats = ask("GET", "/" + index + "/_stats/docs,store", "");
        if (stats == null) {
            return BYTES_OF_A_PAGE / FEW;
        }
        Map<String, @Nullable Object> primaries =
                object(object(stats.get("_all")).get("primaries"));
        long documents = number(object(primaries.get("docs")).get("count"));
        long bytes = number(object(primaries.get("store")).get("size_in_bytes"));
        return Math.max(1, bytes / Math.max(1, documents));
    }

    private static long number(@Nullable Object value) {
        if (!(value instanceof JsonReader.Number number)) {
            return 0;
        }
        return number.text().matches("-?\\d+")
                ? Long.parseLong(number.text())
                : (long) Double.parseDouble(number.text());
    }

    /** Makes everything that was written visible to searches; false if there is no index yet. */
    private boolean refresh() {
        return ask("POST", "/" + index + "/_refresh", "") != null;
    }

    private static List<?> hits(Map<String, @Nullable Object> answer) {
        return (List<?>) Objects.requireNonNull(object(answer.get("hits")).get("hits"));
    }

    private @Nullable Map<String, @Nullable Object> ask(String method, String path, String body) {
        return ask(method, path, body, SearchCluster.TIMEOUT);
    }

    private @Nullable Map<String, @Nullable Object> ask(String method, String path, String body, Duration timeout) {
        try {
            return cluster.request(method, path, body, timeout);
        } catch (SearchCluster.Refusal e) {
            if (body.contains("script") && e.isForGood()) {
                throw new Refused(e);
            }
            throw failure(e);
        } catch (IOException e) {
            throw failure(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ReconcileProblem("Cannot go on comparing: interrupted", e);
        }
    }

    private ReconcileProblem failure(IOException e) {
        return new ReconcileProblem(
                "Cannot search index " + index + " at " + cluster.host() + ": " + e + ". Check that OpenSearch is up.",
                e);
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
        String name = column;
        Map<String, String> renames = table.route().renames();
        while (!document.containsKey(FieldName.of(name)) && renames.containsKey(name)) {
            name = renames.get(name);
        }
        return FieldName.of(name);
    }

    private static String json(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }
}
