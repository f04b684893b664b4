package io.millrace.capture;

import io.millrace.schemas.event.TableId;
import io.millrace.schemas.pipeline.Connections;
import io.millrace.schemas.pipeline.Database;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.schemas.pipeline.Source;
import io.millrace.schemas.pipeline.TableRoute;
import io.millrace.schemas.pipeline.TableRoutes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What one capture does: one source of a pipeline.
 *
 * @param pipeline the pipeline's name
 * @param source the source
 * @param database the source's database
 * @param host the database server
 * @param port its port
 * @param tables the tables to capture; at least one
 * @param connections where the stream, the registry and the storage are
 */
public record CaptureConfig(
        String pipeline,
        Source source,
        Database database,
        String host,
        int port,
        List<TableRoute> tables,
        Connections connections) {
    private static final int MAX_IDENTIFIER = 63;

    /**
     * Picks the source of a pipeline that is to be captured.
     *
     * @param sourceName the source's name; empty for the only one that has a database
     * @throws ConfigurationException if there is no such source, or it cannot be captured
     */
    public static CaptureConfig of(Pipeline pipeline, String sourceName) {
        Source source = pick(pipeline, sourceName);
        Database database = source.database();
        List<String> problems = new ArrayList<>();
        if (database == null) {
            throw new ConfigurationException(
                    List.of(
                            "Cannot capture source " + source.name()
                                    + ": it has no database. Give it one in the pipeline file, or leave it to whoever writes its stream"));
        }
        if (database.host() == null) {
            problems.add("Cannot capture source " + source.name() + ": its database has no host. Set host and port"
                    + " in the pipeline file; only `millrace up` fills them in for its own server");
        }
        List<TableRoute> tables = pipeline.tablesOf(source.name());
        if (tables.isEmpty()) {
            problems.add("Cannot capture source " + source.name() + ": no table of the pipeline file names it");
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        return new CaptureConfig(
                pipeline.name(),
                source,
                database,
                String.valueOf(database.host()),
                database.port() == 0 ? database.kind().standardPort() : database.port(),
                tables,
                pipeline.connections());
    }

    private static Source pick(Pipeline pipeline, String sourceName) {
        List<Source> candidates = pipeline.sources().stream()
                .filter(source -> sourceName.isEmpty()
                        ? source.database() != null
                        : source.name().equals(sourceName))
                .toList();
        if (candidates.size() == 1) {
            return candidates.get(0);
        }
        String names =
                String.join(", ", pipeline.sources().stream().map(Source::name).toList());
        throw new ConfigurationException(List.of(
                sourceName.isEmpty()
                        ? "Cannot choose a source: " + candidates.size()
                                + " of the pipeline file's have a database. Name one with --source: " + names
                        : "Cannot find source: " + sourceName + ". The pipeline file has " + names));
    }

    /** The routes of the tables that are there: for those that match a pattern, each its own. */
    public List<TableRoute> routesOf(Collection<TableId> there) {
        List<TableRoute> routes = new ArrayList<>(
                tables.stream().filter(route -> !route.isPattern()).toList());
        TableRoutes finder = new TableRoutes(tables);
        for (TableId table : there) {
            TableRoute route = finder.find(table);
            if (route != null && !routes.contains(route)) {
                routes.add(route);
            }
        }
        return routes;
    }

    /** The table ids that the pipeline file names, such as {@code logistics.public.shipments}. */
    public List<TableId> tableIds() {
        return tables.stream()
                .filter(route -> !route.isPattern())
                .map(TableRoute::table)
                .toList();
    }

    /** The capture's own name, in PostgreSQL that of its slot and publication: a valid identifier. */
    public String slotName() {
        String name = ("millrace_" + pipeline + "_" + source.name())
                .toLowerCase(java.util.Locale.ROOT)
                .replaceAll("[^a-z0-9_]", "_");
        if (name.length() <= MAX_IDENTIFIER) {
            return name;
        }
        String hash = Integer.toHexString(name.hashCode());
        return name.substring(0, MAX_IDENTIFIER - hash.length() - 1) + "_" + hash;
    }

    /** Where the capture's state is kept, relative to the pipeline's storage location. */
    public String stateName() {
        return "capture/" + source.name() + "/offsets.json";
    }
}
