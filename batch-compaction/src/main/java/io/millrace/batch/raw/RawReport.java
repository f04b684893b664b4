package io.millrace.batch.raw;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.batch.raw.infer.ColumnChange;
import io.millrace.batch.raw.write.LoadCounts;
import io.millrace.batch.report.Quantities;
import io.millrace.batch.report.TextTable;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Prints what became of each zone; or all of it as one JSON object at the end. */
final class RawReport {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SHOWN = 10;

    private final RawOptions options;
    private final PrintWriter out;
    private final ObjectNode root = JSON.createObjectNode();
    private final ArrayNode zones = root.putArray("zones");

    RawReport(RawOptions options, PrintWriter out) {
        this.options = options;
        this.out = out;
    }

    void failed(String zone, String why) {
        if (options.json) {
            zones.addObject().put("name", zone).put("failure", why);
        }
    }

    void done(ZoneResult result) {
        if (options.json) {
            zones.add(json(result));
        } else {
            print(result);
        }
    }

    void close() {
        if (options.json) {
            out.println(root.toPrettyString());
        }
        out.flush();
    }

    private void print(ZoneResult result) {
        LoadCounts counts = result.counts;
        out.println(result.zone.name() + ": " + result.zone.location() + " -> " + result.zone.table() + " ("
                + result.zone.mode().name().toLowerCase(Locale.ROOT) + ")");
        TextTable files = new TextTable(
                "FILES",
                "LISTED",
                "LOADED BEFORE",
                options.dryRun ? "TO LOAD" : "LOADED",
                "YOUNG",
                "WAITING",
                "CHANGED",
                "UNREADABLE");
        files.add(
                "",
                result.listed,
                result.known,
                result.loaded,
                result.young,
                result.waiting.size(),
                result.changed.size(),
                result.unreadable.size());
        files.lines().forEach(out::println);
        if (!options.dryRun) {
            TextTable rows = new TextTable("ROWS", "READ", "LOADED", "SUPERSEDED", "DUPLICATE", "DEAD LETTERS");
            rows.add(
                    "",
                    number(counts.read()),
                    number(counts.loaded()),
                    number(counts.superseded()),
                    number(counts.duplicates()),
                    number(counts.deadLettered()));
            rows.lines().forEach(out::println);
            out.printf(
                    Locale.ROOT,
                    "  %,d data files, %s; %,d delete files; %,d loads in %.1f s%n",
                    counts.dataFiles(),
                    Quantities.text(counts.bytes()),
                    counts.deleteFiles(),
                    result.loads,
                    result.seconds);
        }
        ddl(options.dryRun ? "  Would be done to the table:" : "  Done to the table:", result, result.changes);
        ddl("  Proposed; --approve does it, or columns of the landing file:", result, result.proposals);
        if (!result.proposals.isEmpty()) {
            schema(result).lines().forEach(line -> out.println("    " + line));
        }
        list("  Wait:", result.waiting);
        list("  Cannot be read; loaded once they can be:", result.unreadable);
        list(
                "  Changed since they were loaded, and not loaded again; give them other names to load them:",
                result.changed.stream().collect(Collectors.toMap(path -> path, path -> "", (one, other) -> one)));
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private void ddl(String title, ZoneResult result, Collection<ColumnChange> changes) {
        if (!changes.isEmpty()) {
            out.println(title);
            changes.forEach(change -> out.println("    " + change.ddl(result.zone.table()) + ";"));
        }
    }

    private void list(String title, Map<String, String> files) {
        if (!files.isEmpty()) {
            out.println(title);
            files.entrySet().stream()
                    .limit(SHOWN)
                    .forEach(file -> out.println(
                            "    " + file.getKey() + (file.getValue().isEmpty() ? "" : ": " + file.getValue())));
            if (files.size() > SHOWN) {
                out.println("    and " + (files.size() - SHOWN) + " more");
            }
        }
    }

    /** The columns as a landing file has them. */
    static String schema(ZoneResult result) {
        return result.columns.stream()
                .map(column -> "  " + quoted(column.name()) + ": " + column.declaredType())
                .collect(Collectors.joining("\n", "columns:\n", "\n"));
    }

    private static String quoted(String name) {
        return name.matches("[A-Za-z_][A-Za-z0-9_]*") ? name : '"' + name.replace("\\", "\\\\") + '"';
    }

    private ObjectNode json(ZoneResult result) {
        LoadCounts counts = result.counts;
        ObjectNode node = JSON.createObjectNode();
        node.put("name", result.zone.name()).put("table", result.zone.table());
        node.putObject("files")
                .put("listed", result.listed)
                .put("loaded_before", result.known)
                .put(options.dryRun ? "to_load" : "loaded", result.loaded)
                .put("young", result.young)
                .put("waiting", result.waiting.size())
                .put("changed", result.changed.size())
                .put("unreadable", result.unreadable.size());
        node.putObject("rows")
                .put("read", counts.read())
                .put("loaded", counts.loaded())
                .put("superseded", counts.superseded())
                .put("duplicates", counts.duplicates())
                .put("dead_lettered", counts.deadLettered())
                .put("deleted", counts.deleted());
        node.putObject("written")
                .put("data_files", counts.dataFiles())
                .put("bytes", counts.bytes())
                .put("delete_files", counts.deleteFiles())
                .put("loads", result.loads);
        node.put("seconds", Math.round(result.seconds * 10) / 10.0);
        ddl(node.putArray("changes"), result, result.changes);
        ddl(node.putArray("proposals"), result, result.proposals);
        ObjectNode columns = node.putObject("columns");
        result.columns.forEach(column -> columns.put(column.name(), column.declaredType()));
        texts(node.putObject("waiting"), result.waiting);
        texts(node.putObject("unreadable"), result.unreadable);
        ArrayNode changed = node.putArray("changed");
        List.copyOf(result.changed).forEach(changed::add);
        return node;
    }

    private static void ddl(ArrayNode node, ZoneResult result, Collection<ColumnChange> changes) {
        changes.forEach(change -> node.add(change.ddl(result.zone.table())));
    }

    private static void texts(ObjectNode node, Map<String, String> texts) {
        texts.forEach(node::put);
    }
}
