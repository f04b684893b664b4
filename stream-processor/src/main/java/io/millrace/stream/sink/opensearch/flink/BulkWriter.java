package io.millrace.stream.sink.opensearch.flink;

import io.millrace.schemas.document.Document;
import io.millrace.schemas.event.RowChange;
import io.millrace.schemas.event.RowSchema;
import io.millrace.schemas.pipeline.Connections;
import io.millrace.stream.accounting.flink.TableLatencies;
import io.millrace.stream.retry.Backoff;
import io.millrace.stream.sink.opensearch.BulkExchange;
import io.millrace.stream.sink.opensearch.BulkItem;
import io.millrace.stream.sink.opensearch.IndexPreparation;
import io.millrace.stream.sink.opensearch.IndexRoute;
import io.millrace.stream.sink.opensearch.IndexRoutes;
import io.millrace.stream.sink.opensearch.ItemResult;
import io.millrace.stream.sink.opensearch.OpenSearchClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects documents and sends them in bulk.
 *
 * <pre>
 * write ─► buffer ─► sent ─► done | stale
 *            (500 ms,  │  └─► refused ─► told, and a dead letter
 *             1,000 or │
 *             4 MB)    └─► busy, no answer: sent again after a wait, until it is taken
 * </pre>
 *
 * <p>A checkpoint completes only when everything before it has been taken, so what is lost with the job is read again from
 * the stream. While the cluster does not answer, the writer fills up, the job waits by backpressure, and goes on by itself.
 *
 * <p>Everything but the exchange itself runs in the task's own thread, by its mailbox: no field is shared. Several requests
 * may be under way, and one that is sent again is overtaken by later ones: the documents' versions decide, not the order.
 */
final class BulkWriter {
    private static final Logger LOG = LoggerFactory.getLogger(BulkWriter.class);

    private static final int REQUEST_ITEMS = 1000;
    private static final int REQUEST_BYTES = 4 << 20;
    private static final int REQUESTS_UNDER_WAY = 3;
    private static final long FLUSH_MILLIS = 500;
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5));

    private final IndexRoutes indexes;
    private final MailboxExecutor mailbox;
    private final ProcessingTimeService timers;
    private final BulkExchange exchange;
    private final IndexPreparation preparation;
    private final TableLatencies latencies;
    private final Refusals refusals;
    private final Counter written;
    private final Counter refused;
    private final Counter stale;
    private final Counter retried;

    /** For each index the schemas it is prepared for, and the last one: nearly all rows have that very instance. */
    private final Map<String, Map<RowSchema, Prepared>> prepared = new HashMap<>();

    private final Map<String, Prepared> lastPrepared = new HashMap<>();

    /** A schema that an index is prepared for, with the fields of those columns that are kept under another name. */
    private record Prepared(RowSchema schema, Map<String, String> fields) {}

    private List<BulkItem> buffer = new ArrayList<>();
    private int bufferBytes;
    private int underWay;
    private boolean flushTimerSet;

    /** Hears of documents that their index does not take; called in the task's own thread. */
    interface Refusals {
        void refused(RowChange change, String reason);
    }

    BulkWriter(
            Connections.OpenSearch connection,
            IndexRoutes indexes,
            MailboxExecutor mailbox,
            ProcessingTimeService timers,
            MetricGroup metrics,
            Refusals refusals) {
        this.refusals = refusals;
        this.indexes = indexes;
        this.mailbox = mailbox;
        this.timers = timers;
        OpenSearchClient client = new OpenSearchClient(connection);
        this.exchange = new BulkExchange(client);
        this.preparation = new IndexPreparation(client, connection.replicas());
        this.latencies = new TableLatencies(metrics, "opensearch_latency_ms");
        this.written = metrics.addGroup("millrace").counter("documents_written");
        this.refused = metrics.addGroup("millrace").counter("documents_refused");
        this.stale = metrics.addGroup("millrace").counter("documents_stale");
        this.retried = metrics.addGroup("millrace").counter("documents_retried");
    }

    /** Takes a change, to be written soon; waits while too many are under way. */
    void write(RowChange change) throws IOException, InterruptedException {
        String table = change.key().table();
        IndexRoute route = indexes.find(table);
        if (route == null) {
            return;
        }
        byte[] document = null;
        if (change instanceof RowChange.Upsert upsert) {
            document = Document.of(
                    upsert.row(), prepared(route, upsert.row().schema()).fields());
        }
        BulkItem item = new BulkItem(
                route.index(),
                change.key().documentId(),
                change.version(),
                document,
                table,
                change.eventTimeMicros(),
                change);
        if (!buffer.isEmpty() && bufferBytes + item.bytes() > REQUEST_BYTES) {
            sendBuffer();
        }
        buffer.add(item);
        bufferBytes += item.bytes();
        if (buffer.size() >= REQUEST_ITEMS) {
            sendBuffer();
        } else if (!flushTimerSet) {
            flushTimerSet = true;
            timers.registerTimer(timers.getCurrentProcessingTime() + FLUSH_MILLIS, time -> {
                flushTimerSet = false;
                sendBuffer();
            });
        }
    }

    /** Writes everything that was taken, and waits until all of it is settled. */
    void flush() throws IOException, InterruptedException {
        sendBuffer();
        while (underWay > 0) {
            mailbox.yield();
        }
    }

    /** Sends the buffer once fewer than the allowed requests are under way. */
    private void sendBuffer() throws InterruptedException {
        while (underWay >= REQUESTS_UNDER_WAY) {
            mailbox.yield();
        }
        // What waited above may have sent it.
        if (!buffer.isEmpty()) {
            List<BulkItem> items = buffer;
            buffer = new ArrayList<>();
            bufferBytes = 0;
            underWay++;
            send(items, 1);
        }
    }

    private void send(List<BulkItem> items, int attempt) {
        exchange.send(items)
                .whenComplete((results, failure) -> mailbox.execute(
                        () -> {
                            if (failure != null) {
                                throw new IOException("Cannot write to OpenSearch", failure);
                            }
                            settle(items, results, attempt);
                        },
                        "results of a bulk request"));
    }

    private void settle(List<BulkItem> items, List<ItemResult> results, int attempt) throws IOException {
        List<BulkItem> again = new ArrayList<>();
        String busyReason = "";
        boolean busy = false;
        for (int i = 0; i < items.size(); i++) {
            BulkItem item = items.get(i);
            ItemResult result = results.get(i);
            if (result instanceof ItemResult.Done) {
                written.inc();
                if (item.table().indexOf('.') > 0) {
                    latencies.measure(item.table(), item.eventTimeMicros() / 1000, System.currentTimeMillis());
                }
            } else if (result instanceof ItemResult.Stale) {
                stale.inc();
            } else if (result instanceof ItemResult.Busy now) {
                busy = true;
                busyReason = now.reason();
                again.add(item);
            } else if (result instanceof ItemResult.Refused refusal) {
                refused.inc();
                LOG.warn("Cannot index a document of {}: {}", item.index(), refusal.reason());
                refusals.refused(Objects.requireNonNull(item.change()), refusal.reason());
            } else if (result instanceof ItemResult.Impossible impossible) {
                throw new IOException("Cannot write to index: " + item.index() + ". " + impossible.reason());
            }
        }
        if (again.isEmpty()) {
            underWay--;
            return;
        }
        if (!busy) {
            send(again, 1);
            return;
        }
        retried.inc(again.size());
        Duration wait = BACKOFF.after(attempt);
        // Once at first, then about once a minute for each request.
        if (attempt == 1 || attempt % 12 == 0) {
            LOG.warn("Cannot index {} documents yet: {}. Trying again in {}", again.size(), busyReason, wait);
        }
        timers.registerTimer(timers.getCurrentProcessingTime() + wait.toMillis(), time -> send(again, attempt + 1));
    }

    private Prepared prepared(IndexRoute route, RowSchema schema) throws IOException, InterruptedException {
        Prepared last = lastPrepared.get(route.index());
        if (last != null && last.schema() == schema) {
            return last;
        }
        Map<RowSchema, Prepared> known = prepared.computeIfAbsent(route.index(), i -> new HashMap<>());
        Prepared found = known.get(schema);
        // The instance of this row, for the comparison above.
        found = new Prepared(schema, found == null ? prepareOnceItCanBe(route, schema) : found.fields());
        known.put(schema, found);
        lastPrepared.put(route.index(), found);
        return found;
    }

    private Map<String, String> prepareOnceItCanBe(IndexRoute route, RowSchema schema)
            throws IOException, InterruptedException {
        for (int failures = 1; ; failures++) {
            try {
                return preparation.fields(route, schema);
            } catch (IndexPreparation.BusyException e) {
                Duration wait = BACKOFF.after(failures);
                LOG.warn("{}. Trying again in {}", e.getMessage(), wait);
                Thread.sleep(wait.toMillis());
            }
        }
    }
}
