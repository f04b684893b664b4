package io.millrace.capture.mariadb;

import io.millrace.capture.CaptureConfig;
import io.millrace.capture.mariadb.MariadbFacts.Column;
import io.millrace.capture.mariadb.MariadbFacts.Table;
import io.millrace.capture.read.EngineSettings;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.pipeline.TableRoute;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;

/** The settings of Debezium's MariaDB connector for a capture. */
final class MariadbSettings {
    private static final String HISTORY = "schema.history.internal";

    private MariadbSettings() {}

    /** All settings; {@link BinlogHistory} finds its log by the capture's name. */
    static Properties of(CaptureConfig config, MariadbFacts facts) {
        Properties settings = EngineSettings.of(config, "io.debezium.connector.mariadb.MariaDbConnector");
        settings.setProperty("database.server.id", String.valueOf(serverId(config)));
        settings.setProperty("database.include.list", EngineSettings.schemas(config.tables()));
        EngineSettings.keys(settings, config.tables(), route -> needsKey(route, facts));
        values(settings);
        snapshot(settings, facts.tables());
        history(settings, config);
        settings.setProperty("include.schema.changes", "true");
        connection(settings);
        return settings;
    }

    /** The settings of an engine that reads all rows of some tables and no changes. */
    static Properties readAgain(CaptureConfig config, String listener, Set<TableId> tables, MariadbFacts facts) {
        Properties settings = of(config, facts);
        EngineSettings.readAgain(settings, listener, tables);
        settings.setProperty("include.schema.changes", "false");
        settings.setProperty(HISTORY, "io.debezium.relational.history.MemorySchemaHistory");
        settings.setProperty(HISTORY + ".store.only.captured.tables.ddl", "true");
        return settings;
    }

    /** As whom the capture reads the log; two readers of one number throw each other out. */
    static long serverId(CaptureConfig config) {
        int given = config.database().serverId();
        // Above what people give, and below 2³².
        return given != 0
                ? given
                : 1_000_000_000L + Math.floorMod(config.slotName().hashCode(), 1_000_000_000);
    }

    private static boolean needsKey(TableRoute route, MariadbFacts facts) {
        Table table = facts.tables().get(route.table());
        return route.isPattern()
                || (table != null
                        && MariadbRules.isKey(route, table)
                        && !Set.copyOf(table.primaryKey()).equals(Set.copyOf(route.key())));
    }

    private static void values(Properties settings) {
        settings.setProperty("bigint.unsigned.handling.mode", "precise");
        // Years are what they are, not of this or the last century.
        settings.setProperty("enable.time.adjuster", "false");
        settings.setProperty("driver.yearIsDateType", "false");
    }

    /** Reads all rows at one place of the log: commits wait for a moment, while a transaction is begun and the log looked at. */
    private static void snapshot(Properties settings, Map<TableId, Table> tables) {
        settings.setProperty("snapshot.locking.mode", "minimal");
        Map<TableId, String> selects = new HashMap<>();
        tables.forEach((id, table) -> {
            if (table.columns().stream().anyMatch(MariadbSettings::isRounded) && EngineSettings.isPlain(id)) {
                selects.put(id, select(id, table));
            }
        });
        EngineSettings.selects(settings, selects);
    }

    private static boolean isRounded(Column column) {
        return column.type().equals("float") || column.type().equals("year");
    }

    private static String select(TableId id, Table table) {
        return table.columns().stream()
                .map(MariadbSettings::expression)
                .collect(Collectors.joining(
                        ", ",
                        "SELECT ",
                        " FROM " + MariadbInspection.quoted(id.schema()) + "." + MariadbInspection.quoted(id.name())));
    }

    /** Texts of floats have six digits only; the year 0 would be taken for 2000, and as in the log, 1900 stands for it. */
    private static String expression(Column column) {
        String name = MariadbInspection.quoted(column.name());
        return switch (column.type()) {
            case "float" -> name + " + 0e0 AS " + name;
            case "year" -> "IF(" + name + " = 0, 1900, " + name + " + 0) AS " + name;
            default -> name;
        };
    }

    private static void history(Properties settings, CaptureConfig config) {
        settings.setProperty(HISTORY, BinlogHistory.class.getName());
        settings.setProperty(HISTORY + "." + BinlogHistory.LOG, config.slotName());
        // A table may get the name of a captured one later, but not come from another database often.
        settings.setProperty(HISTORY + ".store.only.captured.databases.ddl", "true");
        // What somebody does to other tables, in words that Debezium does not know, must not stop the capture.
        settings.setProperty(HISTORY + ".skip.unparseable.ddl", "true");
    }

    /**
     * A connection that is lost ends the engine: whether the server that answers next is the same one, and where its logs stand,
     * is looked at before each start.
     */
    private static void connection(Properties settings) {
        settings.setProperty("connect.keep.alive", "false");
        settings.setProperty("errors.max.retries", "0");
        // How often the server sends a sign of life is made of this.
        settings.setProperty("connect.keep.alive.interval.ms", "5000");
        // For as long as the stream may keep us waiting.
        settings.setProperty("binlog.net.write.timeout", "3600");
        settings.setProperty("driver.sessionVariables", "net_write_timeout=3600");
    }
}
