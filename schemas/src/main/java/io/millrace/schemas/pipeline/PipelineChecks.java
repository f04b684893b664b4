package io.millrace.schemas.pipeline;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The checks that compare settings with each other; every single one has been checked before. */
final class PipelineChecks {
    private final Problems problems;

    PipelineChecks(Problems problems) {
        this.problems = problems;
    }

    /**
     * Checks a file.
     *
     * @param connections null if there is no such section, which has been told by then
     * @param maskingKey the masking key that the environment has; empty if it has none
     */
    void check(Section pipeline, @Nullable Section connections, String maskingKey) {
        List<Section> sources = pipeline.list("sources", Section.class);
        List<Section> tables = pipeline.list("tables", Section.class);
        noTwoShare(sources, "name", "source");
        noTwoShare(sources, "stream", "stream");
        sources.forEach(this::checkDatabase);
        checkSourcesOf(tables, sources);
        checkTablesAreRoutedOnce(tables);
        checkColumns(tables, sources);
        noTwoShare(targets(tables, "iceberg"), "table", "Iceberg table");
        noTwoShare(targets(tables, "opensearch"), "index", "index");
        tables.forEach(this::checkRenames);
        QualityChecks.checkKey(pipeline, maskingKey, problems);
        QualityChecks quality = new QualityChecks(problems, pipeline.has("masking") || !maskingKey.isEmpty());
        tables.forEach(quality::check);
        tables.forEach(this::checkPattern);
        checkPrimaryKeys(tables, sources);
        for (Section table : tables) {
            if (!table.has("iceberg") && !table.has("opensearch")) {
                problems.add(
                        table.place(),
                        table.path(),
                        "Cannot route " + table.path() + ": it goes nowhere. Give iceberg, opensearch or both");
            }
        }
        if (connections != null) {
            checkConnections(connections, sources, tables);
        }
    }

    private void checkConnections(Section connections, List<Section> sources, List<Section> tables) {
        Section opensearch = connections.find("opensearch", Section.class);
        if (opensearch != null) {
            goTogether(opensearch, "user", "password");
            goTogether(opensearch, "password", "user");
        }
        for (Source.Transport transport : Source.Transport.values()) {
            needed(
                    connections,
                    transport.name().toLowerCase(Locale.ROOT),
                    sources.stream().filter(source -> source.find("transport", Source.Transport.class) == transport),
                    "transport");
        }
        needed(
                connections,
                "schema-registry",
                sources.stream()
                        .filter(source -> source.find("format", Source.Format.class) == Source.Format.DEBEZIUM_AVRO),
                "format");
        needed(connections, "opensearch", tables.stream().filter(table -> table.has("opensearch")), "opensearch");
    }

    private void needed(Section connections, String name, Stream<Section> users, String reason) {
        if (!connections.has(name)) {
            users.findFirst()
                    .ifPresent(user -> problems.add(
                            connections.place(),
                            connections.path(name),
                            "Cannot find setting: " + connections.path(name) + ". Give it, as " + user.path(reason)
                                    + " needs it"));
        }
    }

    /** Every table of a pattern has targets of its own; the one table of another route has no use for templates. */
    private void checkPattern(Section table) {
        String name = table.find("table", String.class);
        if (name == null) {
            return;
        }
        boolean pattern = name.contains("*");
        if (pattern && name.indexOf('*') < name.indexOf('.')) {
            problems.add(
                    table.place("table"),
                    table.path("table"),
                    "Cannot use " + table.path("table") + ": " + name
                            + ". Give a schema, and * in the table's name only");
        }
        if (pattern) {
            for (String setting : List.of("masks", "rules", "late", "truncate")) {
                boolean harmless = setting.equals("truncate")
                        && table.find(setting, TableRoute.OnTruncate.class) != TableRoute.OnTruncate.APPLY;
                if (table.has(setting) && !harmless) {
                    problems.add(
                            table.place(setting),
                            table.path(setting),
                            "Cannot use " + table.path(setting) + ": they belong to one table, and " + name
                                    + " is a pattern. Route the table by its name");
                }
            }
        }
        for (String[] target : new String[][] {{"iceberg", "table"}, {"opensearch", "index"}}) {
            Section section = table.find(target[0], Section.class);
            String value = section == null ? null : section.find(target[1], String.class);
            if (section != null && value != null && pattern != NameTemplate.isTemplate(value)) {
                problems.add(
                        section.place(target[1]),
                        section.path(target[1]),
                        "Cannot use " + section.path(target[1]) + ": " + value
                                + (pattern
                                        ? " is one name for all tables that match " + name + ". Give one with {table}"
                                        : " is a template, and " + name + " is one table. Give its name"));
            }
        }
    }

    /** Only the schemas of Debezium's Avro envelope name a primary key. */
    private void checkPrimaryKeys(List<Section> tables, List<Section> sources) {
        for (Section table : tables) {
            List<?> key = table.find("key", List.class);
            Section source = sources.stream()
                    .filter(one -> Objects.equals(one.find("name", String.class), table.find("source", String.class)))
                    .findFirst()
                    .orElse(null);
            Source.Format format = source == null ? null : source.find("format", Source.Format.class);
            if (key != null
                    && key.isEmpty()
                    && table.has("key")
                    && format != null
                    && format != Source.Format.DEBEZIUM_AVRO) {
                problems.add(
                        table.place("key"),
                        table.path("key"),
                        "Cannot use " + table.path("key")
                                + ": records of this format do not name the primary key. Give its" + " columns");
            }
        }
    }

    /** A column has one former name, no two columns have the same one, and following them back comes to an end. */
    private void checkRenames(Section table) {
        Map<?, ?> renames = table.find("renames", Map.class);
        if (renames == null) {
            return;
        }
        List<String> key = table.list("key", String.class);
        Map<Object, Object> first = new HashMap<>();
        renames.forEach((now, before) -> {
            String path = table.path("renames") + "." + now;
            Object other = first.putIfAbsent(before, now);
            if (other != null) {
                problem(table, path, other + " was " + before + " already. Remove one");
            }
            if (key.contains(now) || key.contains(before)) {
                problem(
                        table,
                        path,
                        "it is a key column, and rows are known by their key. Give the table a new route with new targets");
            }
            Set<Object> seen = new HashSet<>();
            for (Object name = now; name != null; name = renames.get(name)) {
                if (!seen.add(name)) {
                    problem(table, path, "the renames go round in a circle. Remove those that are long done");
                    break;
                }
            }
        });
    }

    private void problem(Section table, String path, String what) {
        problems.add(table.place("renames"), path, "Cannot use " + path + ": " + what);
    }

    private void checkDatabase(Section source) {
        Section database = source.find("database", Section.class);
        if (database == null) {
            return;
        }
        if (database.has("port") && !database.has("host")) {
            goTogether(database, "port", "host");
        }
        Database.Kind kind = database.find("type", Database.Kind.class);
        if (kind == Database.Kind.MARIADB && source.find("format", Source.Format.class) == Source.Format.DMS_JSON) {
            problems.add(
                    source.place("format"),
                    source.path("format"),
                    "Cannot use " + source.path("format")
                            + ": dms-json is not written for databases of type mariadb. Give debezium-avro or debezium-json");
        }
        if (kind == Database.Kind.POSTGRESQL && database.has("server-id")) {
            problems.add(
                    database.place("server-id"),
                    database.path("server-id"),
                    "Cannot use " + database.path("server-id") + ": it is for databases of type mariadb. Remove it");
        }
    }

    private void checkSourcesOf(List<Section> tables, List<Section> sources) {
        Set<String> used = new HashSet<>();
        Set<String> declared = new HashSet<>();
        sources.forEach(source -> {
            String name = source.find("name", String.class);
            if (name != null) {
                declared.add(name);
            }
        });
        for (Section table : tables) {
            String source = table.find("source", String.class);
            if (source != null) {
                used.add(source);
                if (!declared.contains(source)) {
                    String near = NearestName.of(source, declared);
                    problems.add(
                            table.place("source"),
                            table.path("source"),
                            "Cannot use " + table.path("source") + ": " + source + " is none of the sources. "
                                    + (near == null
                                            ? "Declare it, or name one of "
                                                    + declared.stream().sorted().toList()
                                            : "Did you mean " + near + "?"));
                }
            }
        }
        for (Section source : sources) {
            String name = source.find("name", String.class);
            if (name != null && !tables.isEmpty() && !used.contains(name)) {
                problems.add(
                        source.place(),
                        source.path(),
                        "Cannot use " + source.path() + ": no table comes from " + name
                                + ". Route one, or remove the source");
            }
        }
    }

    private void checkColumns(List<Section> tables, List<Section> sources) {
        for (Section table : tables) {
            for (Section source : sources) {
                if (table.has("columns")
                        && Objects.equals(source.find("name", String.class), table.find("source", String.class))
                        && source.find("format", Source.Format.class) == Source.Format.DEBEZIUM_AVRO) {
                    problems.add(
                            table.place("columns"),
                            table.path("columns"),
                            "Cannot use " + table.path("columns")
                                    + ": records of debezium-avro carry their types. Remove it");
                }
            }
        }
    }

    private void checkTablesAreRoutedOnce(List<Section> tables) {
        Map<String, String> first = new HashMap<>();
        for (Section table : tables) {
            String name = table.find("table", String.class);
            String source = table.find("source", String.class);
            if (name != null && source != null) {
                String earlier = first.putIfAbsent(source + "." + name, table.path());
                if (earlier != null) {
                    problems.add(
                            table.place("table"),
                            table.path("table"),
                            "Cannot use " + table.path("table") + ": " + earlier + " routes " + name
                                    + " already. Remove one");
                }
            }
        }
    }

    private void noTwoShare(List<Section> sections, String name, String what) {
        Map<String, String> first = new HashMap<>();
        for (Section section : sections) {
            String value = section.find(name, String.class);
            if (value != null) {
                String earlier = first.putIfAbsent(value, section.path(name));
                if (earlier != null) {
                    problems.add(
                            section.place(name),
                            section.path(name),
                            "Cannot use " + section.path(name) + ": the " + what + " " + value + " is that of "
                                    + earlier + ". Give another one");
                }
            }
        }
    }

    private void goTogether(Section section, String given, String other) {
        if (section.has(given) && !section.has(other)) {
            problems.add(
                    section.place(given),
                    section.path(other),
                    "Cannot use " + section.path(given) + " without " + section.path(other) + ". Give both or none");
        }
    }

    private static List<Section> targets(List<Section> tables, String target) {
        return tables.stream()
                .flatMap(table -> {
                    Section section = table.find(target, Section.class);
                    return section == null ? Stream.<Section>empty() : Stream.of(section);
                })
                .collect(Collectors.toList());
    }
}
