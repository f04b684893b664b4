package io.millrace.capture.read;

import io.debezium.config.CommonConnectorConfig;
import io.debezium.pipeline.notification.Notification;
import io.debezium.pipeline.notification.channels.NotificationChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Hears from Debezium how many rows a snapshot has read, and that it has ended: an empty table gives no record that could
 * say so. Debezium makes this object itself, so whoever wants to hear is found by the name in {@value #LISTENER}.
 */
public final class SnapshotEnd implements NotificationChannel {
    /** The name of the channel in Debezium's settings. */
    static final String CHANNEL = "millrace-snapshot-end";
    /** The setting that names who hears. */
    static final String LISTENER = "millrace.snapshot.listener";

    private static final Map<String, Listener> LISTENERS = new ConcurrentHashMap<>();

    private @Nullable Listener listener;

    /** Told of a snapshot's progress, by Debezium's threads. */
    interface Listener {
        void tableRead(long rows);

        void completed();

        void aborted();
    }

    static void listen(String name, Listener listener) {
        LISTENERS.put(name, listener);
    }

    static void forget(String name) {
        LISTENERS.remove(name);
    }

    @Override
    public void init(CommonConnectorConfig config) {
        String name = config.getConfig().getString(LISTENER);
        listener = name == null ? null : LISTENERS.get(name);
    }

    @Override
    public String name() {
        return CHANNEL;
    }

    @Override
    public void send(Notification notification) {
        if (listener == null || !"Initial Snapshot".equals(notification.getAggregateType())) {
            return;
        }
        switch (notification.getType()) {
            case "TABLE_SCAN_COMPLETED" -> {
                String rows = notification.getAdditionalData().get("total_rows_scanned");
                listener.tableRead(rows == null ? 0 : Long.parseLong(rows));
            }
            case "COMPLETED" -> listener.completed();
            case "ABORTED", "SKIPPED" -> listener.aborted();
            default -> {}
        }
    }

    @Override
    public void close() {}
}
