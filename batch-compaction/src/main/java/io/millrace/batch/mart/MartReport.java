package io.millrace.batch.mart;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.batch.report.TextTable;
import java.io.PrintWriter;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What became of each day, printed as it is known and once more as a whole; or as one JSON object at the end. */
final class MartReport {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final boolean json;
    private final PrintWriter out;
    private final Map<Run, Outcome> outcomes = new TreeMap<>();

    private record Run(LocalDate day, String mart) implements Comparable<Run> {
        @Override
        public int compareTo(Run that) {
            int byDay = day.compareTo(that.day);
            return byDay != 0 ? byDay : mart.compareTo(that.mart);
        }
    }

    private record Outcome(String text, long rows, double seconds, boolean published) {}

    MartReport(boolean json, PrintWriter out) {
        this.json = json;
        this.out = out;
    }

    synchronized void published(MartRun.Published run) {
        String text = run.repeated() ? "was published before" : "published";
        add(
                new Run(run.day(), run.mart()),
                new Outcome(text, run.rows(), run.took().toMillis() / 1000.0, true));
        say(run.day() + " of " + run.mart() + " " + text + ": " + run.rows() + " rows");
    }

    synchronized void failed(String mart, LocalDate day, String why) {
        add(new Run(day, mart), new Outcome(why, 0, 0, false));
        say(day + " of " + mart + " failed: " + why);
    }

    /** Prints the whole; a failed day is retried by running the same command again, which leaves the published ones. */
    synchronized void close(boolean late) {
        long failed = outcomes.values().stream()
                .filter(outcome -> !outcome.published())
                .count();
        if (json) {
            ObjectNode root = JSON.createObjectNode().put("failed", failed).put("late", late);
            ArrayNode runs = root.putArray("runs");
            outcomes.forEach((run, outcome) -> runs.addObject()
                    .put("day", run.day().toString())
                    .put("mart", run.mart())
                    .put("published", outcome.published())
                    .put("rows", outcome.rows())
                    .put("seconds", outcome.seconds())
                    .put("text", outcome.text()));
            out.println(root.toPrettyString());
        } else {
            TextTable table = new TextTable("MART", "DAY", "ROWS", "SECONDS", "OUTCOME");
            outcomes.forEach((run, outcome) -> table.add(
                    run.mart(),
                    run.day(),
                    outcome.rows(),
                    String.format(Locale.ROOT, "%.1f", outcome.seconds()),
                    outcome.published() ? outcome.text() : "failed"));
            table.lines().forEach(out::println);
            if (failed > 0) {
                out.println(failed + " failed. The same command runs them again, and leaves those that are published.");
            }
            if (late) {
                out.println("The deadline was missed.");
            }
        }
        out.flush();
    }

    private void add(Run run, Outcome outcome) {
        outcomes.put(run, outcome);
    }

    private void say(String line) {
        if (!json) {
            out.println(line);
        }
    }
}
