package io.millrace.local.stack;

import io.millrace.schemas.pipeline.Database;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.schemas.pipeline.Source;
import io.millrace.schemas.pipeline.TableRoute;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A stack as {@link Endpoints} tell of it. */
final class StackDescription {

    private final StackConfig config;
    private final Pipeline pipeline;
    private final StackPlan plan;
    private final List<Component> components;

    StackDescription(StackConfig config, Pipeline pipeline, StackPlan plan, List<Component> components) {
        this.config = config;
        this.pipeline = pipeline;
        this.plan = plan;
        this.components = components;
    }

    /** The stack with its components as they are. */
    Endpoints of(Map<String, ComponentStatus> statuses) {
        Map<String, Endpoints.ComponentEndpoint> processes = new LinkedHashMap<>();
        for (Component component : components) {
            ComponentStatus status = statuses.get(component.name());
            if (status != null) {
                processes.put(
                        component.name(),
                        new Endpoints.ComponentEndpoint(
                                component.address(),
                                component.port(),
                                status.pid(),
                                status.state(),
                                status.since().toString(),
                                status.restarts(),
                                config.log(component.name()).toString()));
            }
        }
        Map<String, Endpoints.SourceEndpoint> sources = new LinkedHashMap<>();
        pipeline.sources().forEach(source -> sources.put(source.name(), endpoint(source)));
        return new Endpoints(
                ProcessHandle.current().pid(),
                pipeline.name(),
                config.pipelineFile().toString(),
                config.resolvedPipelineFile().toString(),
                config.connectionsFile().toString(),
                config.data().toString(),
                new Endpoints.Credentials(
                        LocalCredentials.ACCESS_KEY, LocalCredentials.SECRET_KEY, LocalCredentials.REGION),
                new Endpoints.Jdbc(
                        ConnectionsYaml.catalog(config.ports()),
                        LocalCredentials.CATALOG_USER,
                        LocalCredentials.CATALOG_PASSWORD),
                "http://127.0.0.1:%s/metrics".formatted(config.ports().number(Port.METRICS)),
                processes,
                sources,
                pipeline.tables().stream().map(StackDescription::endpoint).toList());
    }

    private Endpoints.SourceEndpoint endpoint(Source source) {
        Database database = source.database();
        return new Endpoints.SourceEndpoint(
                source.stream(),
                source.shards(),
                database == null ? null : plan.captureOf(source),
                database == null ? null : jdbc(database));
    }

    /** Only the local server's own password is told: that of somebody else's server is not ours to write down. */
    private Endpoints.Jdbc jdbc(Database database) {
        String host = database.host();
        Database.Kind kind = database.kind();
        return host == null
                ? new Endpoints.Jdbc(
                        kind.jdbcUrl("127.0.0.1", config.ports().number(LocalDatabases.port(kind)), database.name()),
                        database.user(),
                        database.password().reveal())
                : new Endpoints.Jdbc(
                        kind.jdbcUrl(host, database.port(), database.name()),
                        database.user(),
                        database.password().toString());
    }

    private static Endpoints.TableEndpoint endpoint(TableRoute route) {
        return new Endpoints.TableEndpoint(
                route.table().toString(),
                route.iceberg() == null
                        ? null
                        : route.iceberg().namespace() + "." + route.iceberg().name(),
                route.opensearch() == null ? null : route.opensearch().index());
    }
}
