package io.millrace.local.registry;

import com.sun.net.httpserver.HttpServer;
import io.millrace.local.process.LocalPort;
import io.millrace.local.process.ServerCommand;
import io.millrace.local.process.ServerProcess;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The registry's process. */
@Command(name = "registry")
public final class RegistryServer implements ServerCommand {

    private static final int THREADS = 4;
    private static final int SECONDS_FOR_THE_LAST_ANSWER = 1;

    @Option(names = "--port", required = true)
    private int port;

    @Option(names = "--data", required = true)
    private Path data;

    @Option(names = "--registry", description = "A registry that exists from the start.")
    private List<String> registries = List.of();

    public static void main(String[] args) {
        ServerProcess.main(new RegistryServer(), args);
    }

    @Override
    public String title() {
        return "Schema Registry";
    }

    @Override
    public AutoCloseable start() throws Exception {
        LocalPort.requireFree(title(), port);
        Registry registry = new Registry(new RegistryFiles(data), Clock.systemUTC());
        registries.forEach(registry::ensureRegistry);
        HttpServer server = listen(registry, port);
        return () -> {
            server.stop(SECONDS_FOR_THE_LAST_ANSWER);
            ((ExecutorService) server.getExecutor()).shutdown();
        };
    }

    /** Serves a registry on 127.0.0.1. */
    static HttpServer listen(Registry registry, int port) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.createContext("/", new GlueEndpoint(new RegistryOperations(registry)));
        server.setExecutor(Executors.newFixedThreadPool(THREADS));
        server.start();
        return server;
    }
}
