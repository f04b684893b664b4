package io.millrace.local.demo;

import io.millrace.local.demo.freshness.FreshnessProbe;
import io.millrace.local.reconcile.JsonReader;
import io.millrace.local.reconcile.SearchCluster;
import io.millrace.schemas.pipeline.TableRoute;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether the targets have caught up with a source that changes no more, as far as that is cheap to tell: the newest
 * version of every table is visible in both, and the numbers of rows and documents are the same. The comparison of all
 * rows comes after.
 */
final class CatchUp {
    private final List<TableRoute> routes;
    private final FreshnessProbe probe;
    private final SearchCluster cluster;

    CatchUp(List<TableRoute> routes, FreshnessProbe probe, SearchCluster cluster) {
        this.routes = routes;
        this.probe = probe;
        this.cluster = cluster;
    }

    boolean isDone(Map<String, SourceState> source) throws InterruptedException {
        for (TableRoute route : routes) {
            String table = route.table().qualifiedName();
            SourceState state = Objects.requireNonNull(source.get(table));
            if (state.rows() == 0) {
                continue;
            }
            if (route.iceberg() != null && probe.iceberg().newest(table).isBefore(state.newest())) {
                return false;
            }
            // Dates in an index are exact to the millisecond.
            if (route.opensearch() != null
                    && (probe.opensearch().newest(table).isBefore(state.newest().truncatedTo(ChronoUnit.MILLIS))
                            || documents(route.opensearch().index()) != state.rows())) {
                return false;
            }
        }
        return true;
    }

    private long documents(String index) throws InterruptedException {
        try {
            Map<String, @Nullable Object> answer = cluster.request("GET", "/" + index + "/_count", "");
            Object count = answer == null ? null : answer.get("count");
            return count instanceof JsonReader.Number number ? Long.parseLong(number.text()) : -1;
        } catch (IOException silent) {
            return -1;
        }
    }
}
