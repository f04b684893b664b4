package io.millrace.capture.postgres;

import io.millrace.capture.CaptureConfig;
import io.millrace.capture.read.EngineSettings;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.pipeline.Source;
import io.millrace.schemas.pipeline.TableRoute;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;

/** The settings of Debezium's PostgreSQL connector for a capture. */
final class PostgresSettings {
    /** The prefix of the messages that keep the slot moving while nothing changes in the captured tables. */
    static final String HEARTBEAT_PREFIX = "millrace-heartbeat";

    private PostgresSettings() {}

    /**
     * All settings.
     *
     * @param facts the database as it is
     */
    static Properties of(CaptureConfig config, SourceFacts facts) {
        Properties settings = EngineSettings.of(config, "io.debezium.connector.postgresql.PostgresConnector");
        connection(settings, config);
        settings.setProperty("schema.include.list", EngineSettings.schemas(config.tables()));
        EngineSettings.keys(
                settings,
                config.tables(),
                table -> !isPrimaryKey(table, facts)
                        // A key that no longer is one would hide from consumers that it has changed.
                        && (table.isPattern() || SourceRules.isKey(table, facts)));
        EngineSettings.selects(settings, ownRows(facts));
        Map<TableId, Set<String>> untold = new HashMap<>();
        facts.tables().forEach((id, table) -> untold.put(id, table.untold()));
        EngineSettings.leaveOut(settings, untold);
        settings.setProperty("interval.handling.mode", "string");
        settings.setProperty("hstore.handling.mode", "json");
        unsentValues(settings, config.source().format() == Source.Format.DMS_JSON);
        pace(settings);
        ArrayConverter.use(settings);
        return settings;
    }

    /** The log tells of rows of tables that inherit from another one as of their own. */
    private static Map<TableId, String> ownRows(SourceFacts facts) {
        Map<TableId, String> selects = new HashMap<>();
        facts.tables().forEach((id, table) -> {
            if (table.hasHeirs() && EngineSettings.isPlain(id)) {
                selects.put(
                        id,
                        table.columns().keySet().stream()
                                .filter(column -> !table.untold().contains(column))
                                .map(Publications::quoted)
                                .collect(Collectors.joining(", ", "SELECT ", " FROM ONLY " + Publications.quoted(id))));
            }
        });
        return selects;
    }

    /** The settings of an engine that reads all rows of some tables and no changes; it needs no slot. */
    static Properties readAgain(CaptureConfig config, String listener, Set<TableId> tables, SourceFacts facts) {
        Properties settings = of(config, facts);
        EngineSettings.readAgain(settings, listener, tables);
        settings.remove("heartbeat.action.query");
        return settings;
    }

    private static void connection(Properties settings, CaptureConfig config) {
        settings.setProperty("database.dbname", config.database().name());
        settings.setProperty("plugin.name", "pgoutput");
        settings.setProperty("slot.name", config.slotName());
        settings.setProperty("publication.name", config.slotName());
        // Not "filtered": see Publications for what would come of it.
        settings.setProperty("publication.autocreate.mode", "disabled");
        // Whether to resume or to start over is decided before the engine starts; see ResumePlan.
        settings.setProperty("slot.drop.on.stop", "false");
    }

    /** Debezium finds primary keys by itself, whatever their columns are called; its list of others takes plain names only. */
    private static boolean isPrimaryKey(TableRoute route, SourceFacts facts) {
        SourceFacts.Table table = facts.tables().get(route.table());
        return table != null && Set.copyOf(table.primaryKey()).equals(Set.copyOf(route.key()));
    }

    private static void unsentValues(Properties settings, boolean wholeRows) {
        settings.setProperty("post.processors", "unsent");
        settings.setProperty("unsent.type", UnsentValues.class.getName());
        settings.setProperty("unsent.reselect.unavailable.values", "true");
        settings.setProperty("unsent.reselect.null.values", "true");
        settings.setProperty("unsent.reselect.error.handling.mode", "fail");
        // Rows are found by texts, whose types the server shall find out.
        settings.setProperty("unsent.reselect.use.event.key", "true");
        settings.setProperty("driver.stringtype", "unspecified");
        settings.setProperty("unsent." + UnsentValues.UPDATES, String.valueOf(wholeRows));
    }

    private static void pace(Properties settings) {
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
}
