package io.millrace.schemas.pipeline;

import io.millrace.schemas.mask.Mask;
import io.millrace.schemas.mask.MaskingKey;
import io.millrace.schemas.pipeline.Rule.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The checks of rules and masks that look at more than one setting. */
final class QualityChecks {
    /** Beside `rule`, `column` and `action`: what each kind of rule must have, and what it may. */
    private static final Map<Kind, Needs> NEEDS = Map.of(
            Kind.REQUIRED, new Needs(List.of("column"), List.of()),
            Kind.RANGE, new Needs(List.of("column"), List.of("min", "max")),
            Kind.PATTERN, new Needs(List.of("column", "pattern"), List.of()),
            Kind.ONE_OF, new Needs(List.of("column", "values"), List.of()),
            Kind.MAX_LENGTH, new Needs(List.of("column", "length"), List.of()),
            Kind.REFERENCES, new Needs(List.of("column", "table"), List.of()),
            Kind.UNIQUE_IN_WINDOW, new Needs(List.of("column"), List.of("window")),
            Kind.VOLUME, new Needs(List.of(), List.of("window", "too-few", "too-many", "at-least")));

    private static final Set<String> EVERY_RULE = Set.of("rule", "action");

    private final Problems problems;
    private final boolean hasKey;

    private record Needs(List<String> must, List<String> may) {}

    /** Checks with knowledge of whether there is a masking key. */
    QualityChecks(Problems problems, boolean hasKey) {
        this.problems = problems;
        this.hasKey = hasKey;
    }

    /** The masking section itself; {@code fromEnvironment} is the key that holds without one. */
    static void checkKey(Section pipeline, String fromEnvironment, Problems problems) {
        Section masking = pipeline.find("masking", Section.class);
        Secret key = masking == null ? null : masking.find("key", Secret.class);
        if (masking != null && masking.has("key") == masking.has("secret")) {
            problems.add(
                    masking.place(),
                    masking.path(),
                    "Cannot use " + masking.path() + ": it has "
                            + (masking.has("key") ? "both key and secret" : "neither key nor secret")
                            + ". Give one of them");
        }
        String text = key == null ? fromEnvironment : key.reveal();
        if (!text.isEmpty() && text.strip().length() < MaskingKey.LEAST_CHARACTERS) {
            String where = key == null ? PipelineFile.KEY_VARIABLE : "masking.key";
            problems.add(
                    pipeline.place("masking"),
                    "masking.key",
                    "Cannot use " + where + ": it has fewer than " + MaskingKey.LEAST_CHARACTERS
                            + " characters. Make a key with: openssl rand -base64 32");
        }
    }

    void check(Section table) {
        checkMasks(table);
        List<Section> rules = table.list("rules", Section.class);
        rules.forEach(this::checkRule);
        List<Section> volumes = rules.stream()
                .filter(rule -> rule.find("rule", Kind.class) == Kind.VOLUME)
                .toList();
        for (Section second : volumes.subList(Math.min(1, volumes.size()), volumes.size())) {
            problem(second, "rule", "a table has one rule volume; remove this one");
        }
    }

    private void checkMasks(Section table) {
        Map<String, Mask> masks = table.map("masks", Mask.class);
        if (!masks.isEmpty() && !hasKey) {
            problems.add(
                    table.place("masks"),
                    table.path("masks"),
                    "Cannot mask without a key: " + table.path("masks") + ". Set " + PipelineFile.KEY_VARIABLE
                            + " in the environment, or give masking.key or masking.secret");
        }
        List<String> keys = table.list("key", String.class);
        masks.forEach((column, mask) -> {
            if (keys.contains(column) && !mask.keepsApart()) {
                problems.add(
                        table.place("masks"),
                        table.path("masks") + "." + column,
                        "Cannot mask key column " + column + " with " + SettingTypes.kebab(mask)
                                + ": rows would become one. Use hash or tokenize-format");
            }
        });
        Section iceberg = table.find("iceberg", Section.class);
        if (iceberg != null) {
            for (String text : iceberg.list("partition-by", String.class)) {
                String column = PartitionField.timeColumn(text);
                if (column != null && masks.containsKey(column)) {
                    problems.add(
                            iceberg.place("partition-by"),
                            iceberg.path("partition-by"),
                            "Cannot partition by " + text + ": " + column
                                    + " is masked, and so a text. Use the column itself, bucket or truncate");
                }
            }
        }
    }

    private void checkRule(Section rule) {
        Kind kind = rule.find("rule", Kind.class);
        if (kind == null) {
            return;
        }
        Needs needs = NEEDS.get(kind);
        if (needs == null) {
            throw new IllegalStateException("No needs of " + kind);
        }
        List<String> missing =
                needs.must().stream().filter(name -> !rule.has(name)).toList();
        if (!missing.isEmpty()) {
            problem(rule, "rule", "a rule " + SettingTypes.kebab(kind) + " needs " + String.join(", ", missing));
        }
        List<String> known = new ArrayList<>(EVERY_RULE);
        known.addAll(needs.must());
        known.addAll(needs.may());
        for (Setting setting : Settings.RULE.settings()) {
            if (rule.has(setting.name()) && !known.contains(setting.name())) {
                problem(
                        rule,
                        setting.name(),
                        "a rule " + SettingTypes.kebab(kind) + " has no " + setting.name() + "; remove it");
            }
        }
        if (kind == Kind.RANGE) {
            checkRange(rule);
        }
        Duration window = rule.find("window", Duration.class);
        if (kind == Kind.VOLUME && window != null && (window.toMillis() == 0 || window.toMillis() % 60_000 != 0)) {
            problem(rule, "window", "a rule volume averages over whole minutes. Give one such as 30m or 1h");
        }
    }

    private void checkRange(Section rule) {
        String min = rule.find("min", String.class);
        String max = rule.find("max", String.class);
        if (min == null && max == null) {
            problem(rule, "rule", "a rule range needs min, max or both");
        }
        for (String name : List.of("min", "max")) {
            String text = rule.find(name, String.class);
            if (text != null && Bound.parse(text) == null) {
                problem(
                        rule,
                        name,
                        text + " is neither a number nor a date. Give one such as 12.5, 2024-02-29 or"
                                + " 2024-02-29T13:05:00Z");
            }
        }
        Bound low = min == null ? null : Bound.parse(min);
        Bound high = max == null ? null : Bound.parse(max);
        if (low != null && high != null && !low.isUpTo(high)) {
            problem(rule, "max", max + " does not come after min " + min);
        }
    }

    private void problem(Section rule, String name, String what) {
        problems.add(rule.place(name), rule.path(name), "Cannot use " + rule.path(name) + ": " + what);
    }
}
