package io.millrace.schemas.pipeline;

import io.millrace.schemas.pipeline.Mart.Check;
import io.millrace.schemas.pipeline.Mart.Query;
import io.millrace.schemas.pipeline.Mart.SkewedJoin;
import io.millrace.schemas.pipeline.Mart.Step;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.nodes.MappingNode;

/**
 * The YAML file that describes the tables that are computed daily; {@code docs/mart-file.md} is its reference. It is read as
 * {@link PipelineFile} is.
 */
public final class MartFile {

    private MartFile() {}

    /**
     * Reads and checks the marts of a file.
     *
     * @throws PipelineProblems with everything that is wrong, if anything is
     */
    public static List<Mart> read(Path path) {
        return read(path, System.getenv());
    }

    static List<Mart> read(Path path, Map<String, String> environment) {
        Problems problems = new Problems();
        YamlFile file = new YamlFile(path, 0);
        MappingNode root = file.read(problems);
        List<Section> marts = root == null
                ? List.of()
                : new SectionReader(file, environment, problems)
                        .read("", MartSettings.FILE, root, Set.of())
                        .list("marts", Section.class);
        Set<String> tables = new HashSet<>();
        for (Section mart : marts) {
            check(mart, problems);
            String table = mart.find("table", String.class);
            if (table != null && !tables.add(table)) {
                problems.add(
                        mart.place("table"),
                        mart.path("table"),
                        "Cannot compute " + table + " twice. Give each mart a table of its own");
            }
        }
        if (problems.any()) {
            throw new PipelineProblems(problems.inOrder());
        }
        return marts.stream().map(MartFile::mart).toList();
    }

    private static void check(Section mart, Problems problems) {
        Set<String> views = new HashSet<>();
        inputs(mart).keySet().forEach(name -> {
            views.add(name);
            if (SettingTypes.VIEW.parse().apply(name) == null) {
                problems.add(
                        mart.place("inputs"),
                        mart.path("inputs"),
                        "Cannot use " + name + " as the name of an input. Give " + SettingTypes.VIEW.right());
            }
        });
        for (Section step : mart.list("steps", Section.class)) {
            checkStep(step, views, problems);
        }
    }

    /** Adds the step's view to those that later steps may read. */
    private static void checkStep(Section step, Set<String> views, Problems problems) {
        if (step.has("sql") == step.has("join")) {
            problems.add(
                    step.place(),
                    step.path(),
                    "Cannot use step: it has " + (step.has("sql") ? "both sql and join" : "neither sql nor join")
                            + ". Give one of them");
        }
        Section join = step.find("join", Section.class);
        if (join != null) {
            for (String side : List.of("left", "right")) {
                String view = join.find(side, String.class);
                if (view != null && !views.contains(view)) {
                    problems.add(
                            join.place(side),
                            join.path(side),
                            "Cannot join " + view + ": no input and no earlier step has this name. There are "
                                    + String.join(", ", views.stream().sorted().toList()));
                }
            }
        }
        String view = step.find("view", String.class);
        if (view != null && !views.add(view)) {
            problems.add(
                    step.place("view"),
                    step.path("view"),
                    "Cannot name a view " + view + ": an input or an earlier step has this name. Give another one");
        }
    }

    private static Mart mart(Section mart) {
        return new Mart(
                mart.text("table"),
                mart.text("day-column"),
                mart.value("time-zone", ZoneId.class),
                mart.list("key", String.class),
                mart.number("files-per-day"),
                inputs(mart),
                mart.list("steps", Section.class).stream().map(MartFile::step).toList(),
                mart.list("checks", Section.class).stream()
                        .map(check -> new Check(
                                check.text("name"), check.text("violations"), check.find("because", String.class)))
                        .toList());
    }

    private static Step step(Section step) {
        Section join = step.find("join", Section.class);
        return join == null
                ? new Query(step.text("view"), step.text("sql"))
                : new SkewedJoin(
                        step.text("view"),
                        join.text("left"),
                        join.text("right"),
                        join.list("on", String.class),
                        join.value("kind", SkewedJoin.Kind.class));
    }

    private static Map<String, String> inputs(Section mart) {
        Map<String, String> inputs = new LinkedHashMap<>();
        Map<?, ?> written = mart.find("inputs", Map.class);
        if (written != null) {
            written.forEach((name, table) -> inputs.put((String) name, (String) table));
        }
        return inputs;
    }
}
