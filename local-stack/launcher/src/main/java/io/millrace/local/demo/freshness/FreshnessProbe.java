package io.millrace.local.demo.freshness;

import io.millrace.local.reconcile.SearchCluster;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.schemas.pipeline.TableRoute;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the targets of a pipeline whose tables have an {@code updated_at}, from its creation until it is closed.
 *
 * <p>Looks every {@value #PAUSE_MILLIS} ms, so a measurement is too great by up to that, never too small. A target that
 * does not answer is asked again.
 */
public final class FreshnessProbe implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FreshnessProbe.class);
    private static final int PAUSE_MILLIS = 200;

    private final Freshness opensearch = new Freshness();
    private final Freshness iceberg = new Freshness();
    private final Catalog catalog;
    private final List<Thread> watchers = new ArrayList<>();
    private volatile @Nullable Instant firstRow;
    private volatile boolean closed;

    /** A look at a target. */
    private interface Look {
        /** True to look again at once. */
        boolean look() throws IOException, InterruptedException;
    }

    /** Begins to watch. */
    public FreshnessProbe(Pipeline pipeline) {
        catalog = CatalogUtil.buildIcebergCatalog(
                pipeline.connections().iceberg().catalog(),
                pipeline.connections().iceberg().properties(),
                null);
        Map<String, String> indexes = new LinkedHashMap<>();
        List<SnapshotProbe> snapshots = new ArrayList<>();
        for (TableRoute route : pipeline.tables()) {
            String name = route.table().qualifiedName();
            if (route.opensearch() != null) {
                indexes.put(route.opensearch().index(), name);
            }
            if (route.iceberg() != null) {
                TableIdentifier identifier = TableIdentifier.of(
                        Namespace.of(route.iceberg().namespace().split("\\.")),
                        route.iceberg().name());
                snapshots.add(new SnapshotProbe(catalog, identifier, name, iceberg));
            }
        }
        IndexProbe index =
                new IndexProbe(SearchCluster.of(pipeline.connections().opensearch()), indexes, opensearch);
        watch("freshness-opensearch", index::look);
        watch("freshness-iceberg", () -> {
            for (SnapshotProbe snapshot : snapshots) {
                snapshot.look();
            }
            return false;
        });
    }

    /** How fresh the indexes are. */
    public Freshness opensearch() {
        return opensearch;
    }

    /** How fresh the Iceberg tables are. */
    public Freshness iceberg() {
        return iceberg;
    }

    /** When the first row was seen in a target; null before that. */
    public @Nullable Instant firstRow() {
        return firstRow;
    }

    private void watch(String name, Look look) {
        Thread thread = new Thread(() -> run(name, look), name);
        thread.setDaemon(true);
        watchers.add(thread);
        thread.start();
    }

    private void run(String name, Look look) {
        try {
            while (!closed) {
                if (!tryLook(name, look)) {
                    Thread.sleep(PAUSE_MILLIS);
                }
                if (firstRow == null && opensearch.versions() + iceberg.versions() > 0) {
                    firstRow = Instant.now();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean tryLook(String name, Look look) throws InterruptedException {
        try {
            return look.look();
        } catch (IOException | RuntimeException e) {
            LOG.debug("{} cannot look, and tries again", name, e);
            return false;
        }
    }

    @Override
    public void close() {
        closed = true;
        watchers.forEach(Thread::interrupt);
        for (Thread watcher : watchers) {
            try {
                watcher.join(Duration.ofSeconds(5).toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (catalog instanceof Closeable closeable) {
            try {
                closeable.close();
            } catch (IOException e) {
                LOG.debug("Cannot close the catalog", e);
            }
        }
    }
}
