package io.millrace.batch.compact;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.batch.compact.TableResult.GroupResult;
import io.millrace.batch.compact.policy.Census;
import io.millrace.batch.compact.policy.FileGroup;
import io.millrace.batch.compact.policy.SizeClass;
import io.millrace.batch.compact.rewrite.CommitOutcome;
import io.millrace.batch.report.Quantities;
import io.millrace.batch.report.TextTable;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Tells of plans and results as they come, as tables, or at the end as one JSON object. */
final class Report {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int GROUPS_SHOWN = 20;

    private final CompactOptions options;
    private final PrintWriter out;
    private final PrintWriter err;
    private final ObjectNode root = JSON.createObjectNode();
    private final ArrayNode tables = root.putArray("tables");
    private int groups;
    private int ended;

    Report(CompactOptions options, PrintWriter out, PrintWriter err) {
        this.options = options;
        this.out = out;
        this.err = err;
    }

    void planned(TablePlan plan) {
        groups = plan.plan().groups().size();
        ended = 0;
        if (options.json) {
            addPlan(tables.addObject(), plan);
            return;
        }
        Census census = plan.census(options.targetFileSize);
        out.println(plan.table().name() + ": " + census.files() + " data files, " + Quantities.text(census.bytes())
                + ", " + census.deleteFiles() + " delete files");
        if (groups > 0) {
            print(groups(plan.plan().groups()));
        }
        out.println("  Plan: " + groups + " groups, " + Quantities.text(plan.bytes())
                + " to read, every later full scan is spared " + Quantities.text(plan.savedBytesPerScan())
                + " (4 MB for each file it need not open).");
        if (!plan.plan().postponed().isEmpty()) {
            out.println("  Postponed, as the budget ends here: "
                    + plan.plan().postponed().size() + " groups.");
        }
        if (!plan.plan().leftAlone().isEmpty()) {
            out.println("  Left alone, as they are being written to: "
                    + some(plan.plan().leftAlone()) + ".");
        }
        out.flush();
    }

    /** Tells of a group that has ended. */
    void ended(GroupResult result) {
        ended++;
        err.println("  " + ended + "/" + groups + " " + result.group().partition() + ": "
                + result.group().files().size() + " files, "
                + Quantities.text(result.group().bytes()) + " → "
                + result.filesWritten() + " files, " + Quantities.text(result.bytesWritten()) + " in "
                + seconds(result.took()) + " s, " + result.text());
        err.flush();
    }

    void done(TableResult result) {
        if (options.json) {
            addResult((ObjectNode) tables.get(tables.size() - 1), result);
            return;
        }
        if (!result.groups().isEmpty()) {
            print(outcomes(result.groups()));
            print(beforeAndAfter(result));
        }
        out.println("  Done in " + seconds(result.took()) + " s: read "
                + Quantities.text(result.bytesRead()) + ", wrote " + Quantities.text(result.bytesWritten())
                + (result.bytesThrownAway() > 0
                        ? ", threw " + Quantities.text(result.bytesThrownAway()) + " of it away"
                        : "")
                + "; a full scan is spared " + Quantities.text(result.savedBytesPerScan()) + ".");
        out.println("  Tidied up: " + result.upkeep().danglingDeletes() + " dangling delete files, "
                + result.upkeep().mergedManifests() + " manifests, "
                + result.upkeep().expiredSnapshots() + " snapshots, "
                + result.upkeep().orphanFiles() + " orphans, "
                + result.abandonedFiles() + " files of runs that were killed.");
        if (result.upkeep().failure() != null) {
            out.println("  Cannot tidy up further: " + result.upkeep().failure());
        }
        out.flush();
    }

    /** Prints what has been held back. */
    void close() {
        if (options.json) {
            try {
                // Who watches reads a line for each run.
                out.println((options.watch == null ? JSON.writerWithDefaultPrettyPrinter() : JSON.writer())
                        .writeValueAsString(root));
            } catch (JsonProcessingException e) {
                throw new UncheckedIOException("Cannot write the report", e);
            }
        }
        out.flush();
    }

    private void print(TextTable table) {
        table.lines().forEach(out::println);
    }

    private static TextTable groups(List<FileGroup> groups) {
        TextTable table = new TextTable("PARTITION", "FILES", "DELETE FILES", "READ", "WRITE", "FILES AFTER", "SCORE");
        groups.stream()
                .limit(GROUPS_SHOWN)
                .forEach(group -> table.add(
                        group.partition(),
                        group.files().size(),
                        group.deleteFiles(),
                        Quantities.text(group.bytes()),
                        Quantities.text(group.bytesAfter()),
                        group.filesAfter(),
                        String.format(Locale.ROOT, "%.2f", group.score())));
        addRest(table, groups.size());
        return table;
    }

    private static void addRest(TextTable table, int groups) {
        if (groups > GROUPS_SHOWN) {
            table.add("and " + (groups - GROUPS_SHOWN) + " more", "", "", "", "", "", "");
        }
    }

    private static TextTable outcomes(List<GroupResult> groups) {
        TextTable table =
                new TextTable("PARTITION", "FILES", "WRITTEN", "SIZE", "ATTEMPTS", "CARRIED DELETES", "OUTCOME");
        groups.stream()
                .limit(GROUPS_SHOWN)
                .forEach(result -> table.add(
                        result.group().partition(),
                        result.group().files().size(),
                        result.filesWritten(),
                        Quantities.text(result.bytesWritten()),
                        attempts(result),
                        carried(result),
                        result.text()));
        addRest(table, groups.size());
        return table;
    }

    private TextTable beforeAndAfter(TableResult result) {
        List<String> headings = new ArrayList<>(List.of("DATA FILES"));
        for (SizeClass size : SizeClass.values()) {
            headings.add(size.toString());
        }
        headings.addAll(List.of("SIZE", "DELETE FILES", "DELETED ROWS"));
        TextTable table = new TextTable(headings.toArray(String[]::new));
        table.add(cells("before", result.before()).toArray());
        table.add(cells("after", result.after()).toArray());
        return table;
    }

    private static List<Object> cells(String label, Census census) {
        List<Object> cells = new ArrayList<>(List.of(label));
        for (SizeClass size : SizeClass.values()) {
            cells.add(census.files(size));
        }
        cells.addAll(List.of(Quantities.text(census.bytes()), census.deleteFiles(), census.deletedRows()));
        return cells;
    }

    private static String some(List<String> names) {
        String shown = names.stream().limit(GROUPS_SHOWN).collect(Collectors.joining(", "));
        return names.size() > GROUPS_SHOWN ? shown + " and " + (names.size() - GROUPS_SHOWN) + " more" : shown;
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }

    private static int attempts(GroupResult result) {
        return result.outcome() == null ? 0 : result.outcome().attempts();
    }

    private static long carried(GroupResult result) {
        return result.outcome() instanceof CommitOutcome.Landed landed ? landed.carriedDeletes() : 0;
    }

    private void addPlan(ObjectNode table, TablePlan plan) {
        table.put("table", plan.table().name());
        ObjectNode node = table.putObject("plan");
        node.put("bytes", plan.bytes());
        node.put("savedBytesPerScan", plan.savedBytesPerScan());
        addCensus(node, plan.census(options.targetFileSize));
        ArrayNode groups = node.putArray("groups");
        plan.plan().groups().forEach(group -> addGroup(groups.addObject(), group));
        node.put("postponedGroups", plan.plan().postponed().size());
        plan.plan().leftAlone().forEach(node.putArray("leftAlone")::add);
    }

    private static void addGroup(ObjectNode node, FileGroup group) {
        node.put("partition", group.partition());
        node.put("files", group.files().size());
        node.put("deleteFiles", group.deleteFiles());
        node.put("deletedRows", group.deletedRows());
        node.put("bytes", group.bytes());
        node.put("filesAfter", group.filesAfter());
        node.put("bytesAfter", group.bytesAfter());
        node.put("savedBytesPerScan", group.savedBytesPerScan());
        node.put("score", group.score());
    }

    private void addResult(ObjectNode table, TableResult result) {
        ObjectNode node = table.putObject("result");
        node.put("seconds", seconds(result.took()));
        node.put("bytesRead", result.bytesRead());
        node.put("bytesWritten", result.bytesWritten());
        node.put("bytesThrownAway", result.bytesThrownAway());
        node.put("savedBytesPerScan", result.savedBytesPerScan());
        addCensus(node, result.after());
        ArrayNode groups = node.putArray("groups");
        for (GroupResult group : result.groups()) {
            ObjectNode entry = groups.addObject();
            entry.put("partition", group.group().partition());
            entry.put("outcome", group.text());
            entry.put("filesWritten", group.filesWritten());
            entry.put("bytesWritten", group.bytesWritten());
            entry.put("seconds", seconds(group.took()));
            entry.put("attempts", attempts(group));
            entry.put("carriedDeletes", carried(group));
        }
        ObjectNode upkeep = node.putObject("upkeep");
        upkeep.put("danglingDeletes", result.upkeep().danglingDeletes());
        upkeep.put("mergedManifests", result.upkeep().mergedManifests());
        upkeep.put("expiredSnapshots", result.upkeep().expiredSnapshots());
        upkeep.put("orphanFiles", result.upkeep().orphanFiles());
        upkeep.put("abandonedFiles", result.abandonedFiles());
        upkeep.put("failure", result.upkeep().failure());
    }

    private static void addCensus(ObjectNode node, Census census) {
        ObjectNode sizes = node.putObject("dataFiles");
        for (SizeClass size : SizeClass.values()) {
            sizes.put(size.toString(), census.files(size));
        }
        node.put("tableBytes", census.bytes());
        node.put("deleteFiles", census.deleteFiles());
        node.put("deletedRows", census.deletedRows());
    }
}
