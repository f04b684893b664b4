package io.millrace.capture.mariadb;

import io.millrace.capture.mariadb.MariadbFacts.Column;
import io.millrace.capture.mariadb.MariadbFacts.Table;
import io.millrace.capture.preflight.ColumnChecks;
import io.millrace.capture.preflight.ColumnChecks.Kind;
import io.millrace.schemas.pipeline.TableRoute;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What a MariaDB server must be like to be captured. Each problem is one line that says what to do. */
final class MariadbRules {
    /** Types that Debezium's reader of table definitions does not know. */
    private static final Set<String> UNREADABLE_TYPES = Set.of("inet4", "inet6");

    private final MariadbFacts facts;
    private final List<String> problems = new ArrayList<>();

    private MariadbRules(MariadbFacts facts) {
        this.facts = facts;
    }

    /** All that stands in the way of a capture. */
    static List<String> problems(MariadbFacts facts, List<TableRoute> routes) {
        MariadbRules rules = new MariadbRules(facts);
        rules.checkServer();
        routes.forEach(rules::checkTable);
        return rules.problems;
    }

    /** What stands in the way of a capture that goes on where it was: nothing that is wrong with a single table. */
    static List<String> problemsOfServer(MariadbFacts facts) {
        return problems(facts, List.of());
    }

    /** Whether the key of a route identifies the rows of its table. */
    static boolean isKey(TableRoute route, Table table) {
        return table.uniqueKeys().stream()
                .anyMatch(unique -> Set.copyOf(route.key()).containsAll(unique));
    }

    private void checkServer() {
        if (!facts.version().contains("MariaDB")) {
            problems.add("Cannot capture server of version: " + facts.version()
                    + ". It is no MariaDB; other products that speak its protocol are not captured");
            return;
        }
        checkLog();
        if (!allows("REPLICATION SLAVE")) {
            problems.add("Cannot read the binary log as user: " + facts.user() + ". " + grant("REPLICATION SLAVE"));
        }
        if (!allows("BINLOG MONITOR") && !allows("REPLICATION CLIENT")) {
            problems.add(
                    "Cannot ask where the binary log ends as user: " + facts.user() + ". " + grant("BINLOG MONITOR"));
        }
        if (!allows("RELOAD") && !allows("LOCK TABLES")) {
            problems.add("Cannot take a snapshot as user: " + facts.user() + ". " + grant("RELOAD")
                    + ", which locks the tables for the moment in which it begins");
        }
    }

    private void checkLog() {
        if (!facts.isOn("log_bin")) {
            problems.add("Cannot read changes: the server writes no binary log. Set log_bin and server_id in its"
                    + " configuration and restart it");
            return;
        }
        expect("binlog_format", "ROW");
        expect("binlog_row_image", "FULL");
        if (facts.isOn("log_bin_compress")) {
            problems.add(
                    "Cannot read changes: log_bin_compress is ON, and compressed events are not understood. Run SET"
                            + " GLOBAL log_bin_compress = OFF, set it in the configuration, and take a new snapshot");
        }
        for (String database : facts.unlogged()) {
            problems.add("Cannot read changes of database: " + database
                    + ". The server does not log them: take it out of binlog_ignore_db, or add it to binlog_do_db");
        }
    }

    private void expect(String setting, String value) {
        if (!facts.setting(setting).equalsIgnoreCase(value)) {
            problems.add("Cannot read changes: " + setting + " is " + facts.setting(setting) + ". Run SET GLOBAL "
                    + setting + " = '" + value + "', set it in the configuration, and let clients connect anew");
        }
    }

    private boolean allows(String privilege) {
        return facts.grants().contains("ALL PRIVILEGES") || facts.grants().contains(privilege);
    }

    private String grant(String privilege) {
        int at = facts.user().lastIndexOf('@');
        String user = at < 0
                ? facts.user()
                : "'" + facts.user().substring(0, at) + "'@'" + facts.user().substring(at + 1) + "'";
        return "Run GRANT " + privilege + " ON *.* TO " + user;
    }

    private void checkTable(TableRoute route) {
        String name = route.table().qualifiedName();
        Table table = facts.tables().get(route.table());
        if (table == null) {
            problems.add("Cannot find table: " + name + ". Create it, grant SELECT on it to " + facts.user()
                    + ", or correct the pipeline file; names are case-sensitive there");
            return;
        }
        if (!table.isTable()) {
            problems.add("Cannot capture table: " + name + ". It is a view; name the tables behind it");
            return;
        }
        if (table.isVersioned()) {
            problems.add("Cannot capture table: " + name
                    + ". It is system-versioned, and Debezium does not read the log of"
                    + " such tables; run ALTER TABLE " + name + " DROP SYSTEM VERSIONING, or leave the table out");
        }
        if (!table.readable()) {
            problems.add("Cannot read table: " + name + ". Grant SELECT on it to " + facts.user());
        }
        for (Column column : table.columns()) {
            if (UNREADABLE_TYPES.contains(column.type())) {
                problems.add("Cannot capture table: " + name + ". Its column " + column.name() + " has type "
                        + column.type() + ", which Debezium does not read; make it a varchar, or leave the table out");
            }
        }
        checkKey(route, name, table);
        problems.addAll(ColumnChecks.problems(
                route,
                table.names(),
                table.columns().stream().collect(Collectors.toMap(Column::name, column -> kind(column.type())))));
    }

    private static Kind kind(String type) {
        return switch (type) {
            case "tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "float", "double", "year" ->
                Kind.NUMBER;
            case "date", "datetime", "timestamp" -> Kind.MOMENT;
            default -> Kind.OTHER;
        };
    }

    private void checkKey(TableRoute route, String name, Table table) {
        if (table.primaryKey().isEmpty()
                && (route.key().isEmpty() || table.uniqueKeys().isEmpty())) {
            problems.add("Cannot capture table without a primary key: " + name + ". Run ALTER TABLE " + name
                    + " ADD PRIMARY KEY (" + String.join(", ", route.key()) + ")");
            return;
        }
        if (route.key().isEmpty()) {
            return;
        }
        List<String> missing = route.key().stream()
                .filter(column -> !table.names().contains(column))
                .toList();
        if (!missing.isEmpty()) {
            problems.add("Cannot find key column of table " + name + ": " + String.join(", ", missing)
                    + ". The table has " + String.join(", ", table.names()));
            return;
        }
        if (!isKey(route, table)) {
            problems.add("Cannot use key of table " + name + ": " + String.join(", ", route.key())
                    + ". No unique index says that these columns identify a row; "
                    + (table.primaryKey().isEmpty()
                            ? "create one"
                            : "use the primary key: " + String.join(", ", table.primaryKey())));
            return;
        }
        List<String> nullable = table.columns().stream()
                .filter(column -> column.nullable() && route.key().contains(column.name()))
                .map(Column::name)
                .toList();
        if (!nullable.isEmpty()) {
            problems.add("Cannot use key column of table " + name + " that may be null: " + String.join(", ", nullable)
                    + ". Make it NOT NULL, or choose another key");
        }
    }
}
