package io.millrace.local.status;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.local.stack.Endpoints;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One of the job's metrics of a source's table, over all subtasks of one operator.
 *
 * @param source the pipeline file's name of the source
 * @param table the table as its database names it; {@link Accounting#NO_TABLE} for records of which no table is known
 * @param name the metric's name
 * @param sum its value, all subtasks added up
 */
record TableMetric(String source, String table, String name, long sum) {
    private static final Pattern METRIC =
            Pattern.compile(".*\\.millrace\\.source\\.([^.]+)(?:\\.table\\.([^.]+))?\\.([a-z_]+)");

    /** How long Flink's REST server goes on with the metrics that it has read last. */
    private static final Duration REFRESH = Duration.ofMillis(1_300);

    private static final int NAMES_A_REQUEST = 40;

    /** Reads those of a running stack; empty if its job does not answer. */
    static Optional<List<TableMetric>> read(Endpoints endpoints) throws InterruptedException {
        JsonEndpoint http = new JsonEndpoint();
        Optional<String> job =
                JobStatus.newestJob(http, endpoints.component("flink").address());
        if (job.isEmpty()) {
            return Optional.empty();
        }
        // Asking makes the server read anew, but answers with what it had.
        metricNames(http, job.get());
        Thread.sleep(REFRESH.toMillis());
        return Optional.of(read(http, job.get(), TableNames.of(endpoints)));
    }

    private static List<TableMetric> read(JsonEndpoint http, String job, TableNames tables)
            throws InterruptedException {
        List<TableMetric> metrics = new ArrayList<>();
        for (Map.Entry<String, List<String>> vertex : metricNames(http, job).entrySet()) {
            List<String> names = vertex.getValue();
            for (int from = 0; from < names.size(); from += NAMES_A_REQUEST) {
                List<String> some = names.subList(from, Math.min(names.size(), from + NAMES_A_REQUEST));
                Optional<JsonNode> sums = http.read(vertex.getKey() + "?agg=sum&get=" + String.join(",", some));
                if (sums.isPresent()) {
                    for (JsonNode sum : sums.get()) {
                        of(sum.path("id").asText(), sum.path("sum").asLong(), tables)
                                .ifPresent(metrics::add);
                    }
                }
            }
        }
        return metrics;
    }

    private static Optional<TableMetric> of(String id, long sum, TableNames tables) {
        Matcher name = METRIC.matcher(id);
        if (!name.matches()) {
            return Optional.empty();
        }
        String table = name.group(2) == null ? Accounting.NO_TABLE : tables.find(name.group(1), name.group(2));
        return Optional.of(new TableMetric(name.group(1), table, name.group(3), sum));
    }

    /** For each vertex's metrics address the names of those of tables. */
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

    /**
     * What tables are called whose names Flink's REST server has written with underscores for dots, spaces, colons and commas.
     * Of those that a pattern takes, the schema is known; the rest of the name stays as it is written.
     */
    private record TableNames(Map<String, String> exact, Map<Pattern, String> schemas) {

        static TableNames of(Endpoints endpoints) {
            Map<String, String> exact = new HashMap<>();
            Map<Pattern, String> schemas = new LinkedHashMap<>();
            endpoints.tables().forEach(table -> {
                int dot = table.table().indexOf('.');
                String source = table.table().substring(0, dot + 1);
                String name = table.table().substring(dot + 1);
                if (name.contains("*")) {
                    String regex = Pattern.quote(source + written(name)).replace("*", "\\E.*\\Q");
                    schemas.put(Pattern.compile(regex), name.substring(0, name.indexOf('.')));
                } else {
                    exact.put(source + written(name), name);
                }
            });
            return new TableNames(exact, schemas);
        }

        String find(String source, String written) {
            String known = exact.get(source + "." + written);
            if (known != null) {
                return known;
            }
            return schemas.entrySet().stream()
                    .filter(pattern ->
                            pattern.getKey().matcher(source + "." + written).matches())
                    .findFirst()
                    .map(pattern -> pattern.getValue()
                            + "."
                            + written.substring(pattern.getValue().length() + 1))
                    .orElse(written);
        }

        private static String written(String name) {
            return name.replaceAll("[ .:,]", "_");
        }
    }
}
