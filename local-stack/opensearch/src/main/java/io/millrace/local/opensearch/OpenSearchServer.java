package io.millrace.local.opensearch;

import io.millrace.local.process.LocalPort;
import io.millrace.local.process.ServerCommand;
import io.millrace.local.process.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import org.codelibs.opensearch.runner.OpenSearchRunner;
import org.opensearch.common.settings.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** OpenSearch's process: one node that is a cluster by itself. */
@Command(name = "opensearch")
public final class OpenSearchServer implements ServerCommand {

    private static final String NODE = "millrace-local";

    @Option(names = "--port", required = true)
    private int port;

    @Option(names = "--transport-port", required = true)
    private int transportPort;

    @Option(names = "--data", required = true)
    private Path data;

    public static void main(String[] args) {
        ServerProcess.main(new OpenSearchServer(), args);
    }

    @Override
    public String title() {
        return "OpenSearch";
    }

    @Override
    public AutoCloseable start() throws Exception {
        LocalPort.requireFree(title(), port);
        LocalPort.requireFree(title(), transportPort);
        OpenSearchRunner runner = new OpenSearchRunner();
        // Takes the port as it is, without looking for a free one near it.
        runner.setMaxHttpPort(-1);
        runner.onBuild((number, settings) -> configure(settings))
                .build(OpenSearchRunner.newConfigs()
                        .basePath(Files.createDirectories(data).toAbsolutePath().toString())
                        .clusterName("millrace")
                        .numOfNode(1)
                        .baseHttpPort(port - 1)
                        .disableESLogger()
                        .useLogger());
        runner.ensureYellow();
        return runner;
    }

    private void configure(Settings.Builder settings) {
        settings.put("network.host", "127.0.0.1");
        settings.put("http.port", port);
        settings.put("transport.port", transportPort);
        settings.put("node.name", NODE);
        settings.put("cluster.initial_cluster_manager_nodes", NODE);
        // Itself only: the node of another stack on this machine is not its business.
        settings.put("discovery.seed_hosts", "127.0.0.1:" + transportPort);
        // A laptop's disk is often nearly full; without this the indexes would turn read-only then.
        settings.put("cluster.routing.allocation.disk.threshold_enabled", false);
        settings.put("http.cors.enabled", true);
        settings.put("http.cors.allow-origin", "/https?:\\/\\/(localhost|127\\.0\\.0\\.1)(:[0-9]+)?/");
    }
}
