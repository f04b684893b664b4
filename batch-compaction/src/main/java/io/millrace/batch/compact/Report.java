package io.millrace.batch.compact;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.batch.compact.TableResult.GroupResult;
import io.millrace.batch.compact.policy.FileGroup;
import io.millrace.batch.compact.policy.SizeClass;
import io.millrace.batch.compact.rewrite.CommitOutcome;
import io.millrace.batch.report.Quantities;
import io.millrace.batch.report.TextTable;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Tells of plans and results as they come, as tables, or at the end as one JSON object. */
final class Report {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int GROUPS_SHOWN = 20;

    private final boolean json;
    private final long targetFileBytes;
    private final PrintWriter out;
    private final ObjectNode root = JSON.createObjectNode();
    private final ArrayNode tables = root.putArray("tables");

    Report(boolean json, long targetFileBytes, PrintWriter out) {
        this.json = json;
        this.targetFileBytes = targetFileBytes;
        this.out = out;
    }

    void planned(TablePlan plan) {
        if (json) {
            addPlan(tables.addObject(), plan);
            return;
        }
        Map<SizeClass, Integer> sizes = plan.files().bySize(targetFileBytes);
        out.println(plan.table().name() + ": " + plan.files().tasks().size() + " data files " + sizes + ", "
                + plan.files().deleteFiles() + " delete files");
        if (!plan.plan().groups().isEmpty()) {
            print(groups(plan.plan().groups()));
        }
        out.println("  Plan: " + plan.plan().groups().size() + " groups, " + Quantities.text(plan.bytes())
                + " to read, every later full scan is spared " + Quantities.text(plan.savedBytesPerScan())
                + " (4 MB for each file it need not open).");
        if (!plan.plan().postponed().isEmpty()) {
            out.println("  Postponed, as the budget ends here: "
                    + plan.plan().postponed().size() + " groups.");
        }
        if (!plan.plan().leftAlone().isEmpty()) {
            out.println("  Left alone, as they are being written to: "
                    + String.join(", ", plan.plan().leftAlone()) + ".");
        }
    }

    void done(TableResult result) {
        if (json) {
            addResult((ObjectNode) tables.get(tables.size() - 1), result);
            return;
        }
        if (!result.groups().isEmpty()) {
            print(outcomes(result.groups()));
        }
        out.println("  Done in " + result.took().toMillis() / 1000.0 + " s: read "
                + Quantities.text(result.bytesRead()) + ", wrote " + Quantities.text(result.bytesWritten())
                + (result.bytesThrownAway() > 0
                        ? ", threw " + Quantities.text(result.bytesThrownAway()) + " of it away"
                        : "")
                + "; data files " + result.filesBefore() + " → " + result.filesAfter() + ", delete files "
                + result.deleteFilesBefore() + " → " + result.deleteFilesAfter() + ".");
        out.println("  A full scan is spared " + Quantities.text(result.savedBytesPerScan()) + ". Tidied up: "
                + result.upkeep().danglingDeletes() + " dangling delete files, "
                + result.upkeep().expiredSnapshots() + " snapshots, "
                + result.upkeep().orphanFiles() + " orphans.");
        if (result.upkeep().failure() != null) {
            out.println("  Cannot tidy up further: " + result.upkeep().failure());
        }
    }

    /** Prints what has been held back. */
    void close() {
        if (json) {
            try {
                out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root));
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
        if (groups.size() > GROUPS_SHOWN) {
            table.add("and " + (groups.size() - GROUPS_SHOWN) + " more", "", "", "", "", "", "");
        }
        return table;
    }

    private static TextTable outcomes(List<GroupResult> groups) {
        TextTable table =
                new TextTable("PARTITION", "FILES", "WRITTEN", "SIZE", "ATTEMPTS", "CARRIED DELETES", "OUTCOME");
        groups.forEach(result -> table.add(
                result.group().partition(),
                result.group().files().size(),
                result.filesWritten(),
                Quantities.text(result.bytesWritten()),
                attempts(result),
                carried(result),
                result.text()));
        return table;
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
        addSizes(node.putObject("dataFiles"), plan.files().bySize(targetFileBytes));
        node.put("deleteFiles", plan.files().deleteFiles());
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
        node.put("seconds", result.took().toMillis() / 1000.0);
        node.put("bytesRead", result.bytesRead());
        node.put("bytesWritten", result.bytesWritten());
        node.put("bytesThrownAway", result.bytesThrownAway());
        node.put("savedBytesPerScan", result.savedBytesPerScan());
        addSizes(node.putObject("dataFiles"), result.filesAfter());
        node.put("deleteFiles", result.deleteFilesAfter());
        ArrayNode groups = node.putArray("groups");
        for (GroupResult group : result.groups()) {
            ObjectNode entry = groups.addObject();
            entry.put("partition", group.group().partition());
            entry.put("outcome", group.text());
            entry.put("filesWritten", group.filesWritten());
            entry.put("bytesWritten", group.bytesWritten());
            entry.put("attempts", attempts(group));
            entry.put("carriedDeletes", carried(group));
        }
        ObjectNode upkeep = node.putObject("upkeep");
        upkeep.put("danglingDeletes", result.upkeep().danglingDeletes());
        upkeep.put("expiredSnapshots", result.upkeep().expiredSnapshots());
        upkeep.put("orphanFiles", result.upkeep().orphanFiles());
        upkeep.put("failure", result.upkeep().failure());
    }

    private static void addSizes(ObjectNode node, Map<SizeClass, Integer> sizes) {
        for (SizeClass size : SizeClass.values()) {
            node.put(size.toString(), sizes.getOrDefault(size, 0));
        }
    }
}
