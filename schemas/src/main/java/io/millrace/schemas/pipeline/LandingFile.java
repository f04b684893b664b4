package io.millrace.schemas.pipeline;

import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.pipeline.LandingZone.Format;
import io.millrace.schemas.pipeline.LandingZone.Mode;
import io.millrace.schemas.pipeline.LandingZone.OperationColumn;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.nodes.MappingNode;

/**
 * The YAML file that describes the folders that CSV files are loaded from; {@code docs/landing-file.md} is its reference. It
 * is read as {@link PipelineFile} is.
 */
public final class LandingFile {
    /** Columns that the job adds to the tables begin so. */
    public static final String OWN_PREFIX = "millrace_";

    private LandingFile() {}

    /**
     * Reads and checks the landing zones of a file.
     *
     * @throws PipelineProblems with everything that is wrong, if anything is
     */
    public static List<LandingZone> read(Path path) {
        return read(path, System.getenv());
    }

    static List<LandingZone> read(Path path, Map<String, String> environment) {
        Problems problems = new Problems();
        YamlFile file = new YamlFile(path, 0);
        MappingNode root = file.read(problems);
        List<Section> zones = root == null
                ? List.of()
                : new SectionReader(file, environment, problems)
                        .read("", LandingSettings.FILE, root, Set.of())
                        .list("landing", Section.class);
        Map<String, Set<String>> seen = new HashMap<>();
        for (Section zone : zones) {
            check(zone, problems);
            for (String unique : List.of("name", "table", "location")) {
                String value = zone.find(unique, String.class);
                if (value != null
                        && !seen.computeIfAbsent(unique, any -> new HashSet<>()).add(value)) {
                    problems.add(
                            zone.place(unique),
                            zone.path(unique),
                            "Cannot use " + unique + " " + value + " twice. Give each folder its own");
                }
            }
        }
        if (problems.any()) {
            throw new PipelineProblems(problems.inOrder());
        }
        return zones.stream().map(LandingFile::zone).toList();
    }

    private static void check(Section zone, Problems problems) {
        List<String> key = zone.list("key", String.class);
        if (zone.find("mode", Mode.class) == Mode.MERGE && !zone.has("key")) {
            problems.add(
                    zone.place("mode"),
                    zone.path("key"),
                    "Cannot merge without a key. Give the columns that identify a row, or mode append");
        }
        Map<String, DeclaredType> columns = zone.map("columns", DeclaredType.class);
        if (!columns.isEmpty()) {
            for (String column : key) {
                if (!columns.containsKey(column)) {
                    problems.add(
                            zone.place("columns"),
                            zone.path("columns"),
                            "Cannot find key column " + column + " among the columns. Add it");
                }
            }
        }
        Set<String> names = new HashSet<>();
        columns.forEach((name, type) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!names.add(lower)) {
                problems.add(
                        zone.place("columns"),
                        zone.path("columns"),
                        "Cannot use column " + name + ": another differs by case only. Rename one");
            }
            if (lower.startsWith(OWN_PREFIX)) {
                problems.add(
                        zone.place("columns"),
                        zone.path("columns"),
                        "Cannot use column " + name + ": names that begin with " + OWN_PREFIX
                                + " are the job's own. Rename it");
            }
            if (type.type() instanceof ColumnType.Array) {
                problems.add(
                        zone.place("columns"),
                        zone.path("columns"),
                        "Cannot read arrays from CSV: column " + name + ". Give it type string");
            }
        });
        Section format = zone.find("format", Section.class);
        if (format != null) {
            checkMarks(format, problems);
        }
    }

    private static void checkMarks(Section format, Problems problems) {
        String delimiter = format.find("delimiter", String.class);
        String quote = format.find("quote", String.class);
        if (delimiter != null && (delimiter.equals(quote) || delimiter.isEmpty())) {
            problems.add(
                    format.place("delimiter"),
                    format.path("delimiter"),
                    "Cannot use delimiter: " + (delimiter.isEmpty() ? "none" : "it is the quote, too")
                            + ". Give another character");
        }
    }

    private static LandingZone zone(Section zone) {
        return new LandingZone(
                zone.text("name"),
                zone.text("location"),
                zone.find("source-table", String.class),
                zone.text("table"),
                zone.value("mode", Mode.class),
                zone.list("key", String.class),
                zone.list("partition-by", String.class),
                format(zone),
                zone.value("min-age", Duration.class),
                zone.map("columns", DeclaredType.class));
    }

    private static Format format(Section zone) {
        Section format = zone.find("format", Section.class);
        if (format == null) {
            return new Format(false, OperationColumn.CHANGES, null, ',', '"', "NULL");
        }
        String quote = format.text("quote");
        return new Format(
                format.value("header", Boolean.class),
                format.value("operation-column", OperationColumn.class),
                format.find("timestamp-column", String.class),
                format.text("delimiter").charAt(0),
                quote.isEmpty() ? null : (Character) quote.charAt(0),
                format.text("null-value"));
    }
}
