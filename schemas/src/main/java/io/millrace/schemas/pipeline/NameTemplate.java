package io.millrace.schemas.pipeline;

import io.millrace.schemas.event.TableId;
import java.util.Locale;
import java.util.regex.Pattern;

/** The names of targets of tables that are not known yet: {@code {table}} and {@code {schema}} stand for the table's own. */
final class NameTemplate {
    static final String TABLE = "{table}";
    static final String SCHEMA = "{schema}";

    private NameTemplate() {}

    /** Whether a name is a template that gives every table another name. */
    static boolean isTemplate(String name) {
        return name.contains(TABLE);
    }

    static String fill(String template, TableId table) {
        return template.replace(TABLE, plain(table.name())).replace(SCHEMA, plain(table.schema()));
    }

    /** What stands for a template where only the form of a filled one is checked. */
    static String sample(String template) {
        return template.replace(TABLE, "t").replace(SCHEMA, "s");
    }

    /** A regular expression that all filled templates match. */
    static String pattern(String template) {
        return Pattern.quote(template).replace(TABLE, "\\E[a-z0-9_]+\\Q").replace(SCHEMA, "\\E[a-z0-9_]+\\Q");
    }

    /**
     * A name in lower case letters, digits and underscores, beginning with a letter, as every engine takes it. One that has to
     * be changed for it gets a hash of its own, so that two tables never share a target.
     */
    private static String plain(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
        if (!plain.matches("[a-z].*")) {
            plain = "t" + plain;
        }
        return plain.equals(name) ? name : plain + "_" + String.format("%08x", name.hashCode());
    }
}
