package io.millrace.schemas.pipeline;

import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text with {@code ${NAME}} and {@code ${NAME:-default}} replaced from the environment.
 *
 * <p>As in a shell, the default also holds for a variable that is set to nothing. Two dollar signs and a brace stand for one dollar sign and a brace.
 *
 * @param value the text; without what could not be replaced
 * @param problem what could not be replaced and what to do; empty if nothing
 */
record EnvironmentText(String value, String problem) {
    private static final Pattern REFERENCE =
            Pattern.compile("\\$\\$\\{|\\$\\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(?<default>:-(?<text>[^}]*))?\\}|\\$\\{");

    static EnvironmentText replace(String raw, Map<String, String> environment) {
        TreeSet<String> missing = new TreeSet<>();
        boolean broken = false;
        StringBuilder value = new StringBuilder();
        Matcher matcher = REFERENCE.matcher(raw);
        while (matcher.find()) {
            String name = matcher.group("name");
            String replacement = "";
            if (matcher.group().equals("$${")) {
                replacement = "${";
            } else if (name == null) {
                broken = true;
            } else {
                String set = environment.get(name);
                if (matcher.group("default") != null) {
                    replacement = set == null || set.isEmpty() ? matcher.group("text") : set;
                } else if (set != null) {
                    replacement = set;
                } else {
                    missing.add(name);
                }
            }
            matcher.appendReplacement(value, Matcher.quoteReplacement(replacement));
        }
        matcher.appendTail(value);
        if (broken) {
            return new EnvironmentText(
                    value.toString(),
                    "a reference that is not complete. Write ${NAME} or ${NAME:-default}, and $${ for ${");
        }
        if (!missing.isEmpty()) {
            return new EnvironmentText(
                    value.toString(),
                    "the environment has no " + String.join(", ", missing) + ". Set it, or give a default: ${"
                            + missing.first() + ":-default}");
        }
        return new EnvironmentText(value.toString(), "");
    }
}
