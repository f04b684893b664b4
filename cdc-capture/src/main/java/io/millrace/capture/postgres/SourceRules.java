package io.millrace.capture.postgres;

import io.millrace.capture.postgres.SourceFacts.Publication;
import io.millrace.capture.postgres.SourceFacts.Table;
import io.millrace.capture.preflight.ColumnChecks;
import io.millrace.capture.read.EngineSettings;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.pipeline.TableRoute;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** What a database must be like to be captured. Each problem is one line that says what to do. */
public final class SourceRules {
    private final SourceFacts facts;
    private final List<TableRoute> routes;
    private final String slotName;
    private final List<String> problems = new ArrayList<>();

    private SourceRules(SourceFacts facts, List<TableRoute> routes, String slotName) {
        this.facts = facts;
        this.routes = routes;
        this.slotName = slotName;
    }

    /**
     * All that stands in the way of a capture.
     *
     * @param slotName the name of the capture's slot and publication
     */
    public static List<String> problems(SourceFacts facts, List<TableRoute> routes, String slotName) {
        SourceRules rules = new SourceRules(facts, routes, slotName);
        rules.checkServer();
        routes.forEach(rules::checkTable);
        rules.checkPublication();
        return rules.problems;
    }

    /**
     * What stands in the way of a capture that goes on where it was. What is wrong with a single table is none of it: the table was
     * changed meanwhile, and must not stop all others.
     */
    public static List<String> problemsOfServer(SourceFacts facts, String slotName) {
        SourceRules rules = new SourceRules(facts, List.of(), slotName);
        rules.checkServer();
        return rules.problems;
    }

    /** Whether the key of a route identifies the rows of its table. */
    public static boolean isKey(TableRoute route, SourceFacts facts) {
        Table table = facts.tables().get(route.table());
        return table != null
                && table.uniqueKeys().stream()
                        .anyMatch(unique -> Set.copyOf(route.key()).containsAll(unique));
    }

    /** The tables that the capture's publication is to have: those of the routes that there are. */
    static Set<TableId> published(SourceFacts facts, List<TableRoute> routes) {
        return routes.stream()
                .map(TableRoute::table)
                .filter(table -> {
                    Table found = facts.tables().get(table);
                    return found != null && found.isTable();
                })
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /**
     * Whether the capture's publication is there and has the tables, no more and no less, or all. Somebody else's may tell of
     * partitions while none of the tables has any.
     */
    static boolean publicationComplete(SourceFacts facts, List<TableRoute> routes) {
        Publication publication = facts.publication();
        Set<TableId> tables = published(facts, routes);
        return publication != null
                && (publication.allTables() || publication.tables().equals(tables))
                && (publication.viaRoot() || (!publication.owned() && !partitioned(facts, tables)));
    }

    private static boolean partitioned(SourceFacts facts, Set<TableId> tables) {
        return facts.tables().entrySet().stream()
                .anyMatch(entry ->
                        tables.contains(entry.getKey()) && entry.getValue().isPartitioned());
    }

    private void checkServer() {
        if (!facts.walLevel().equals("logical")) {
            problems.add("Cannot read changes: wal_level is " + facts.walLevel()
                    + ". Set wal_level = logical in postgresql.conf and restart the server");
        }
        if (!facts.mayReplicate()) {
            problems.add("Cannot replicate as user: " + facts.user() + ". Run ALTER ROLE " + quoted(facts.user())
                    + " REPLICATION as a superuser");
        }
        if (facts.slot() == null && facts.slots() >= facts.maxSlots()) {
            problems.add("Cannot create replication slot: all " + facts.maxSlots()
                    + " are taken. Drop one that nobody uses (see pg_replication_slots), or raise max_replication_slots"
                    + " and restart the server");
        }
    }

    private void checkTable(TableRoute route) {
        String name = route.table().qualifiedName();
        Table table = facts.tables().get(route.table());
        if (table == null) {
            problems.add("Cannot find table: " + name
                    + ". Create it, or correct the pipeline file; names are case-sensitive there");
            return;
        }
        if (!table.isTable()) {
            problems.add(
                    "Cannot capture table: " + name + ". It is a view or a foreign table; name the tables behind it");
            return;
        }
        if (!table.readable()) {
            problems.add(
                    "Cannot read table: " + name + ". Run GRANT SELECT ON " + name + " TO " + quoted(facts.user()));
        }
        checkKey(route, name, table);
        problems.addAll(ColumnChecks.problems(route, table.columns().keySet(), table.kinds()));
    }

    private void checkKey(TableRoute route, String name, Table table) {
        if (route.key().isEmpty()) {
            if (table.primaryKey().isEmpty()) {
                problems.add("Cannot capture table without a primary key: " + name + ". Run ALTER TABLE " + name
                        + " ADD PRIMARY KEY, or name its key in the pipeline file");
            }
            return;
        }
        List<String> missing = route.key().stream()
                .filter(column -> !table.columns().containsKey(column))
                .toList();
        if (!missing.isEmpty()) {
            problems.add("Cannot find key column of table " + name + ": " + String.join(", ", missing)
                    + ". The table has " + String.join(", ", table.columns().keySet()));
            return;
        }
        if (table.uniqueKeys().isEmpty()) {
            problems.add("Cannot capture table without a primary key: " + name + ". Run ALTER TABLE " + name
                    + " ADD PRIMARY KEY (" + String.join(", ", route.key()) + ")");
            return;
        }
        if (!isKey(route, facts)) {
            problems.add("Cannot use key of table " + name + ": " + String.join(", ", route.key())
                    + ". No unique index says that these columns identify a row; "
                    + (table.primaryKey().isEmpty()
                            ? "create one"
                            : "use the primary key: " + String.join(", ", table.primaryKey())));
            return;
        }
        List<String> nullable = route.key().stream()
                .filter(column -> !Boolean.TRUE.equals(table.columns().get(column)))
                .toList();
        if (!nullable.isEmpty()) {
            problems.add("Cannot use key column of table " + name + " that may be null: " + String.join(", ", nullable)
                    + ". Make it NOT NULL, or choose another key");
            return;
        }
        if (table.hasHeirs() && !EngineSettings.isPlain(route.table())) {
            problems.add(
                    "Cannot read the own rows of table " + name + " alone: other tables inherit from it, and its name"
                            + " has characters other than letters, digits, _ and $. Rename it, or capture the other tables only");
        }
        if (!table.identity().containsAll(route.key())) {
            problems.add("Cannot follow deletes of table " + name + " by its key: the replica identity does not hold "
                    + String.join(", ", route.key()) + ". Run ALTER TABLE " + name
                    + " REPLICA IDENTITY FULL, or use the primary key: " + String.join(", ", table.primaryKey()));
        }
    }

    /** The capture creates the publication, or fits it to the tables; the user must be allowed to. */
    private void checkPublication() {
        if (publicationComplete(facts, routes)) {
            return;
        }
        Publication publication = facts.publication();
        Set<TableId> tables = published(facts, routes);
        String list = tables.stream().map(TableId::qualifiedName).sorted().collect(Collectors.joining(", ONLY "));
        List<String> foreign = tables.stream()
                .filter(table -> publication == null || !publication.has(table))
                .filter(table ->
                        !Objects.requireNonNull(facts.tables().get(table)).owned())
                .map(TableId::qualifiedName)
                .toList();
        String viaRoot = "(publish_via_partition_root = true)";
        if (publication != null && !publication.owned()) {
            String alter = "ALTER PUBLICATION " + slotName;
            problems.add("Cannot change publication: " + slotName + ". Run " + alter + " SET "
                    + (publication.allTables() ? viaRoot : "TABLE ONLY " + list + "; " + alter + " SET " + viaRoot)
                    + " as its owner");
        } else if (!foreign.isEmpty() || (publication == null && !facts.mayCreate())) {
            problems.add("Cannot create publication: user " + facts.user()
                    + (foreign.isEmpty()
                            ? " may not create one in this database"
                            : " does not own " + String.join(", ", foreign))
                    + ". Run CREATE PUBLICATION " + slotName + " FOR TABLE ONLY " + list + " WITH " + viaRoot
                    + " as a superuser");
        }
    }

    private static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }
}
