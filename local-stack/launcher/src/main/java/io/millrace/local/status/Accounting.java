package io.millrace.local.status;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.local.stack.Endpoints;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The job's books: what became of every record, as the metrics of the job tell, which its state keeps across restarts.
 *
 * @param sources by source, by table; records of which no table is known are under {@link #NO_TABLE}
 */
public record Accounting(@JsonValue Map<String, Map<String, TableAccount>> sources) {
    /** What stands for the table of records that do not tell theirs. */
    public static final String NO_TABLE = "(no table)";

    private static final Pattern METRIC =
            Pattern.compile(".*\\.millrace\\.source\\.([^.]+)(?:\\.table\\.([^.]+))?\\.([a-z_]+)");

    /** How long Flink's REST server goes on with the metrics that it has read last. */
    private static final Duration REFRESH = Duration.ofMillis(1_300);

    private static final int NAMES_A_REQUEST = 40;

    /** Whether everything that was received has been dealt with. */
    @JsonIgnore
    public boolean addsUp() {
        return sources.values().stream()
                .flatMap(tables -> tables.values().stream())
                .allMatch(account -> account.underWay() == 0);
    }

    /** All tables together. */
    @JsonIgnore
    public TableAccount total() {
        return sources.values().stream()
                .flatMap(tables -> tables.values().stream())
                .reduce(TableAccount.NONE, TableAccount::plus);
    }

    /** Reads the books of a running stack; empty if its job does not answer. */
    public static Optional<Accounting> read(Endpoints endpoints) throws InterruptedException {
        JsonEndpoint http = new JsonEndpoint();
        Optional<String> job =
                JobStatus.newestJob(http, endpoints.component("flink").address());
        if (job.isEmpty()) {
            return Optional.empty();
        }
        // Asking makes the server read anew, but answers with what it had.
        metricNames(http, job.get());
        Thread.sleep(REFRESH.toMillis());
        return Optional.of(read(http, job.get(), endpoints));
    }

    /**
     * Reads the books once nothing is under way any more, or as they are after some time.
     *
     * @param patience how long to wait
     */
    public static Optional<Accounting> readAtRest(Endpoints endpoints, Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        Optional<Accounting> last = read(endpoints);
        while (System.nanoTime() < end) {
            Optional<Accounting> next = read(endpoints);
            if (next.isPresent() && next.equals(last) && next.get().addsUp()) {
                return next;
            }
            last = next;
        }
        return last;
    }

    private static Accounting read(JsonEndpoint http, String job, Endpoints endpoints) throws InterruptedException {
        Map<String, String> tables = tableNames(endpoints);
        Map<String, Map<String, TableAccount>> sources = new TreeMap<>();
        for (Map.Entry<String, List<String>> vertex : metricNames(http, job).entrySet()) {
            List<String> names = vertex.getValue();
            for (int from = 0; from < names.size(); from += NAMES_A_REQUEST) {
                List<String> some = names.subList(from, Math.min(names.size(), from + NAMES_A_REQUEST));
                Optional<JsonNode> sums = http.read(vertex.getKey() + "?agg=sum&get=" + String.join(",", some));
                if (sums.isPresent()) {
                    for (JsonNode sum : sums.get()) {
                        enter(
                                sources,
                                tables,
                                sum.path("id").asText(),
                                sum.path("sum").asLong());
                    }
                }
            }
        }
        return new Accounting(sources);
    }

    private static void enter(
            Map<String, Map<String, TableAccount>> sources, Map<String, String> tables, String metric, long units) {
        Matcher name = METRIC.matcher(metric);
        if (name.matches()) {
            String table = name.group(2) == null
                    ? NO_TABLE
                    : tables.getOrDefault(name.group(1) + "." + name.group(2), name.group(2));
            sources.computeIfAbsent(name.group(1), s -> new TreeMap<>())
                    .merge(table, TableAccount.NONE.plus(name.group(3), units), TableAccount::plus);
        }
    }

    /** For each vertex's metrics address the names of those of the books. */
    private static Map<String, List<String>> metricNames(JsonEndpoint http, String job) throws InterruptedException {
        List<String> vertices = new ArrayList<>();
        http.read(job)
                .ifPresent(details -> details.path("vertices")
                        .forEach(vertex -> vertices.add(vertex.path("id").asText())));
        Map<String, List<String>> names = new HashMap<>();
        for (String vertex : vertices) {
            String address = job + "/vertices/" + vertex + "/subtasks/metrics";
            http.read(address)
                    .ifPresent(known -> known.forEach(metric -> {
                        String id = metric.path("id").asText();
                        if (METRIC.matcher(id).matches()) {
                            names.computeIfAbsent(address, a -> new ArrayList<>())
                                    .add(id);
                        }
                    }));
        }
        return names;
    }

    /** Flink's REST server writes names with underscores for dots, spaces, colons and commas. */
    private static Map<String, String> tableNames(Endpoints endpoints) {
        Map<String, String> names = new HashMap<>();
        endpoints.tables().forEach(table -> {
            int dot = table.table().indexOf('.');
            String name = table.table().substring(dot + 1);
            names.put(table.table().substring(0, dot + 1) + name.replaceAll("[ .:,]", "_"), name);
        });
        return names;
    }
}
