package io.millrace.capture.read;

import io.millrace.capture.CaptureConfig;
import io.millrace.capture.offset.JournaledOffsets;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.pipeline.TableRoute;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The settings of Debezium's engine that are the same for every product. */
public final class EngineSettings {

    private EngineSettings() {}

    /**
     * Of an engine that reads all tables of a capture; {@link JournaledOffsets} finds its journal by the capture's name.
     *
     * @param connector the connector's class
     */
    public static Properties of(CaptureConfig config, String connector) {
        Properties settings = new Properties();
        settings.setProperty("name", config.slotName());
        settings.setProperty("connector.class", connector);
        settings.setProperty("topic.prefix", config.source().name());
        settings.setProperty("database.hostname", config.host());
        settings.setProperty("database.port", String.valueOf(config.port()));
        settings.setProperty("database.user", config.database().user());
        settings.setProperty("database.password", config.database().password().reveal());
        settings.setProperty("snapshot.mode", "initial");
        settings.setProperty("task.management.timeout.ms", "10000");
        settings.setProperty(
                "table.include.list",
                config.tables().stream().map(EngineSettings::tableLiteral).collect(Collectors.joining(",")));
        values(settings);
        pace(settings);
        settings.setProperty("offset.storage", JournaledOffsets.class.getName());
        settings.setProperty(JournaledOffsets.JOURNAL, config.slotName());
        settings.setProperty("offset.flush.interval.ms", "1000");
        settings.setProperty("offset.flush.timeout.ms", "10000");
        return settings;
    }

    /** Turns them into those of an engine that reads all rows of some tables, no changes, and remembers nothing. */
    public static void readAgain(Properties settings, String listener, Collection<TableId> tables) {
        settings.setProperty("name", listener);
        settings.setProperty("snapshot.mode", "initial_only");
        settings.setProperty(
                "table.include.list",
                tables.stream().map(EngineSettings::tableLiteral).collect(Collectors.joining(",")));
        settings.setProperty("heartbeat.interval.ms", "0");
        settings.remove(JournaledOffsets.JOURNAL);
        settings.setProperty("offset.storage", "org.apache.kafka.connect.storage.MemoryOffsetBackingStore");
        settings.setProperty("notification.enabled.channels", SnapshotEnd.CHANNEL);
        settings.setProperty(SnapshotEnd.LISTENER, listener);
        // Two engines in one process: their metrics must not share a name.
        settings.setProperty("custom.metric.tags", "reading=again");
    }

    /**
     * Sets the keys that are not the primary key, which Debezium finds by itself.
     *
     * @param named whether a route's key has to be named
     */
    public static void keys(Properties settings, Collection<TableRoute> routes, Predicate<TableRoute> named) {
        String keys = routes.stream()
                .filter(route -> !route.key().isEmpty() && named.test(route))
                .map(route -> tableLiteral(route) + ":" + String.join(",", route.key()))
                .collect(Collectors.joining(";"));
        if (!keys.isEmpty()) {
            settings.setProperty("message.key.columns", keys);
        }
    }

    /**
     * How the rows of some tables are read in snapshots, where Debezium's own select would not do.
     *
     * @param selects of tables with {@linkplain #isPlain plain} names
     */
    public static void selects(Properties settings, Map<TableId, String> selects) {
        String overrides = "snapshot.select.statement.overrides";
        if (!selects.isEmpty()) {
            settings.setProperty(
                    overrides,
                    selects.keySet().stream()
                            .map(TableId::qualifiedName)
                            .sorted()
                            .collect(Collectors.joining(",")));
        }
        selects.forEach((table, select) -> settings.setProperty(overrides + "." + table.qualifiedName(), select));
    }

    /** Leaves columns out of what is captured, by the tables' names. */
    public static void leaveOut(Properties settings, Map<TableId, Set<String>> columns) {
        String names = columns.entrySet().stream()
                .flatMap(table ->
                        table.getValue().stream().map(column -> tableLiteral(table.getKey()) + "\\." + literal(column)))
                .sorted()
                .collect(Collectors.joining(","));
        if (!names.isEmpty()) {
            settings.setProperty("column.exclude.list", names);
        }
    }

    /** Whether a table can have a select: Debezium splits the list of their names at commas, and each name at dots. */
    public static boolean isPlain(TableId id) {
        return (id.schema() + id.name()).chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '_' || c == '$');
    }

    private static void values(Properties settings) {
        settings.setProperty("decimal.handling.mode", "precise");
        settings.setProperty("binary.handling.mode", "bytes");
        settings.setProperty("time.precision.mode", "adaptive_time_microseconds");
        settings.setProperty("include.unknown.datatypes", "true");
        settings.setProperty("tombstones.on.delete", "false");
        settings.setProperty("skipped.operations", "none");
        settings.setProperty("provide.transaction.metadata", "false");
    }

    /** Low latency when little happens; bounded memory when much does, or when rows are large. */
    private static void pace(Properties settings) {
        settings.setProperty("poll.interval.ms", "50");
        settings.setProperty("max.batch.size", "2048");
        settings.setProperty("max.queue.size", "8192");
        settings.setProperty("max.queue.size.in.bytes", String.valueOf(16 << 20));
        settings.setProperty("snapshot.fetch.size", "32");
        settings.setProperty("snapshot.max.threads", "1");
        settings.setProperty("heartbeat.interval.ms", "5000");
    }

    private static String tableLiteral(TableRoute route) {
        return route.isPattern()
                ? literal(route.table().schema()) + "\\."
                        + Arrays.stream(route.table().name().split("\\*", -1))
                                .map(EngineSettings::literal)
                                .collect(Collectors.joining(".*"))
                : tableLiteral(route.table());
    }

    private static String tableLiteral(TableId table) {
        return literal(table.schema()) + "\\." + literal(table.name());
    }

    /** The database schemas, or databases, of the routes, as a list of regular expressions. */
    public static String schemas(Collection<TableRoute> routes) {
        return routes.stream()
                .map(route -> literal(route.table().schema()))
                .distinct()
                .collect(Collectors.joining(","));
    }

    /** A name as a regular expression that matches it alone; Debezium splits lists at commas and colons, which thus are hex. */
    private static String literal(String name) {
        StringBuilder regex = new StringBuilder();
        name.chars()
                .forEach(c -> regex.append(
                        Character.isLetterOrDigit(c) || c == '_'
                                ? String.valueOf((char) c)
                                : String.format("\\u%04x", c)));
        return regex.toString();
    }
}
