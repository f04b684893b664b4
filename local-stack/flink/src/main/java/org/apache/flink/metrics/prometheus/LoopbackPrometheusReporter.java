package org.apache.flink.metrics.prometheus;

import io.prometheus.client.exporter.HTTPServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.apache.flink.metrics.MetricConfig;
import org.jspecify.annotations.Nullable;

/**
 * Flink's Prometheus reporter, for this machine only: Flink's own listens on all addresses.
 *
 * <p>In Flink's package, as the registry of the metrics is seen from nowhere else.
 */
public final class LoopbackPrometheusReporter extends AbstractPrometheusReporter {
    private @Nullable HTTPServer server;

    @Override
    public void open(MetricConfig config) {
        super.open(config);
        int port = config.getInteger("port", 0);
        try {
            server = new HTTPServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), registry, true);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "Cannot serve metrics on port: " + port + ". Choose another with --port metrics=N", e);
        }
    }

    @Override
    public void close() {
        if (server != null) {
            server.stop();
        }
        super.close();
    }
}
