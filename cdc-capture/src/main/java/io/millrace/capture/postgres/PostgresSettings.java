package io.millrace.capture.read;

import io.millrace.capture.CaptureConfig;
import io.millrace.capture.offset.JournaledOffsets;
import io.millrace.capture.preflight.SourceFacts;
import io.millrace.capture.preflight.SourceRules;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.pipeline.Source;
import io.millrace.schemas.pipeline.TableRoute;
import java.util.Arrays;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;

/** The settings of Debezium's engine and PostgreSQL connector for a capture. */
final class DebeziumSettings {
    /** The prefix of the messages that keep the slot moving while nothing changes in the captured tables. */
    static final String HEARTBEAT_PREFIX = "millrace-heartbeat";

    private DebeziumSettings() {}

    /**
     * All settings.
     *
     * @param journal the name under which {@link JournaledOffsets} finds the journal
     * @param facts the database as it is
     */
    static Properties of(CaptureConfig config, String journal, SourceFacts facts) {
        Properties settings = new Properties();
        settings.setProperty("name", config.slotName());
        settings.setProperty("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
        settings.setProperty("topic.prefix", config.source().name());
        connection(settings, config, SourceRules.publicationComplete(facts, config.routesOf(facts)));
        tables(settings, config, facts);
        values(settings);
        rekeyedRows(settings, config.source().format() == Source.Format.DMS_JSON);
        pace(settings);
        settings.setProperty("offset.storage", JournaledOffsets.class.getName());
        settings.setProperty(JournaledOffsets.JOURNAL, journal);
        settings.setProperty("offset.flush.interval.ms", "1000");
        settings.setProperty("offset.flush.timeout.ms", "10000");
        return settings;
    }

    /**
     * The settings of an engine that reads all rows of some tables and no changes; it needs no slot.
     *
     * @param listener the name under which {@link SnapshotEnd} finds who hears of the end
     */
    static Properties snapshotOnly(CaptureConfig config, String listener, Set<TableId> tables, SourceFacts facts) {
        Properties settings = of(config, listener, facts);
        settings.setProperty("name", listener);
        settings.setProperty("snapshot.mode", "initial_only");
        settings.setProperty("publication.autocreate.mode", "disabled");
        settings.setProperty(
                "table.include.list",
                tables.stream().map(DebeziumSettings::tableLiteral).collect(Collectors.joining(",")));
        settings.remove("heartbeat.action.query");
        settings.setProperty("heartbeat.interval.ms", "0");
        settings.remove(JournaledOffsets.JOURNAL);
        settings.setProperty("offset.storage", "org.apache.kafka.connect.storage.MemoryOffsetBackingStore");
        settings.setProperty("notification.enabled.channels", SnapshotEnd.CHANNEL);
        settings.setProperty(SnapshotEnd.LISTENER, listener);
        // Two engines in one process: their metrics must not share a name.
        settings.setProperty("custom.metric.tags", "reading=again");
        return settings;
    }

    private static void connection(Properties settings, CaptureConfig config, boolean publicationComplete) {
        settings.setProperty("database.hostname", config.host());
        settings.setProperty("database.port", String.valueOf(config.port()));
        settings.setProperty("database.dbname", config.database().name());
        settings.setProperty("database.user", config.database().user());
        settings.setProperty("database.password", config.database().password().reveal());
        settings.setProperty("plugin.name", "pgoutput");
        settings.setProperty("slot.name", config.slotName());
        settings.setProperty("publication.name", config.slotName());
        settings.setProperty("publication.autocreate.mode", publicationComplete ? "disabled" : "filtered");
        settings.setProperty("snapshot.mode", "initial");
        // Whether to resume or to start over is decided before the engine starts; see ResumePlan.
        settings.setProperty("slot.drop.on.stop", "false");
        settings.setProperty("publish.via.partition.root", "true");
        settings.setProperty("task.management.timeout.ms", "10000");
    }

    private static void tables(Properties settings, CaptureConfig config, SourceFacts facts) {
        settings.setProperty(
                "schema.include.list",
                config.tables().stream()
                        .map(table -> literal(table.table().schema()))
                        .distinct()
                        .collect(Collectors.joining(",")));
        settings.setProperty(
                "table.include.list",
                config.tables().stream().map(DebeziumSettings::tableLiteral).collect(Collectors.joining(",")));
        String keys = config.tables().stream()
                .filter(table -> !table.key().isEmpty()
                        && !isPrimaryKey(table, facts)
                        // A key that no longer is one would hide from consumers that it has changed.
                        && (table.isPattern() || SourceRules.isKey(table, facts)))
                .map(table -> tableLiteral(table) + ":" + String.join(",", table.key()))
                .collect(Collectors.joining(";"));
        if (!keys.isEmpty()) {
            settings.setProperty("message.key.columns", keys);
        }
    }

    /** Debezium finds primary keys by itself, whatever their columns are called; its list of others takes plain names only. */
    private static boolean isPrimaryKey(TableRoute route, SourceFacts facts) {
        SourceFacts.Table table = facts.tables().get(route.table());
        return table != null && Set.copyOf(table.primaryKey()).equals(Set.copyOf(route.key()));
    }

    private static void values(Properties settings) {
        settings.setProperty("decimal.handling.mode", "precise");
        settings.setProperty("binary.handling.mode", "bytes");
        settings.setProperty("time.precision.mode", "adaptive_time_microseconds");
        settings.setProperty("interval.handling.mode", "string");
        settings.setProperty("hstore.handling.mode", "json");
        settings.setProperty("include.unknown.datatypes", "true");
        settings.setProperty("tombstones.on.delete", "false");
        settings.setProperty("skipped.operations", "none");
        settings.setProperty("provide.transaction.metadata", "false");
    }

    private static void rekeyedRows(Properties settings, boolean wholeRows) {
        settings.setProperty("post.processors", "rekeyed");
        settings.setProperty("rekeyed.type", RekeyedRows.class.getName());
        settings.setProperty("rekeyed.reselect.unavailable.values", "true");
        settings.setProperty("rekeyed.reselect.null.values", "false");
        settings.setProperty("rekeyed.reselect.error.handling.mode", "fail");
        settings.setProperty("rekeyed." + RekeyedRows.UPDATES, String.valueOf(wholeRows));
    }

    /** Low latency when little happens; bounded memory when much does, or when rows are large. */
    private static void pace(Properties settings) {
        settings.setProperty("poll.interval.ms", "20");
        settings.setProperty("max.batch.size", "2048");
        settings.setProperty("max.queue.size", "8192");
        settings.setProperty("max.queue.size.in.bytes", String.valueOf(16 << 20));
        settings.setProperty("snapshot.fetch.size", "32");
        settings.setProperty("snapshot.max.threads", "1");
        settings.setProperty("heartbeat.interval.ms", "5000");
        settings.setProperty(
                "heartbeat.action.query", "SELECT pg_logical_emit_message(false, '" + HEARTBEAT_PREFIX + "', '')");
        settings.setProperty("message.prefix.exclude.list", HEARTBEAT_PREFIX);
        settings.setProperty("status.update.interval.ms", "5000");
        settings.setProperty("slot.max.retries", "6");
        settings.setProperty("slot.retry.delay.ms", "1000");
        settings.setProperty("retriable.restart.connector.wait.ms", "1000");
        settings.setProperty("errors.max.retries", "60");
        settings.setProperty("errors.retry.delay.initial.ms", "300");
        settings.setProperty("errors.retry.delay.max.ms", "5000");
    }

    private static String tableLiteral(TableRoute route) {
        return route.isPattern()
                ? literal(route.table().schema()) + "\\."
                        + Arrays.stream(route.table().name().split("\\*", -1))
                                .map(DebeziumSettings::literal)
                                .collect(Collectors.joining(".*"))
                : tableLiteral(route.table());
    }

    private static String tableLiteral(TableId table) {
        return literal(table.schema()) + "\\." + literal(table.name());
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
