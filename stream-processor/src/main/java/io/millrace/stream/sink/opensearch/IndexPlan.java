package io.millrace.stream.sink.opensearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.document.FieldName;
import io.millrace.schemas.document.IndexMapping;
import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.RowSchema;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an index needs so that rows of a schema fit, and under which field it keeps each column.
 *
 * <p>A field can neither be renamed nor get another type. So a column that the source has renamed stays in the field that it
 * has, and its new name becomes an alias of the field: {@code b → a}. A type fits if the field's searches mean the same
 * for it; see {@link #fits}.
 *
 * @param missing the fields and aliases to add, as a mapping's {@code properties}
 * @param fields the field's name of each column that has another one
 * @param refusal why rows of the schema can never be written; null if they can
 */
record IndexPlan(
        ObjectNode missing,
        Map<String, String> fields,
        @Nullable String refusal) {

    /**
     * Plans.
     *
     * @param mappings the index's answer to {@code _mapping}: an object by index, as behind an alias there may be several
     * @param renames a column's name to the one it had before
     */
    static IndexPlan of(JsonNode mappings, RowSchema schema, Map<String, String> renames) {
        ObjectNode missing = JsonNodeFactory.instance.objectNode();
        Map<String, String> fields = new HashMap<>();
        Set<String> taken = new HashSet<>();
        JsonNode wanted = IndexMapping.of(schema).path("properties");
        for (Column column : schema.columns()) {
            String name = column.name();
            String field = fieldOf(name, mappings, schema, renames);
            if (!taken.add(field)) {
                return refused(name, "the index keeps another column, which had this name before, in field " + field);
            }
            String own = FieldName.of(name);
            if (!field.equals(name)) {
                fields.put(name, field);
            }
            for (JsonNode index : mappings) {
                JsonNode properties = index.path("mappings").path("properties");
                JsonNode present = properties.path(field);
                if (present.isMissingNode()) {
                    missing.set(field, wanted.path(own));
                } else if (!fits(present, wanted.path(own))) {
                    return refused(
                            name,
                            "its field " + field + " has the type "
                                    + present.path("type").asText("object") + ", and the column needs "
                                    + wanted.path(own).path("type").asText());
                }
                if (!field.equals(own) && renames.containsKey(name) && !properties.has(own)) {
                    missing.putObject(own).put("type", "alias").put("path", field);
                }
            }
        }
        return new IndexPlan(missing, fields, null);
    }

    private static IndexPlan refused(String column, String why) {
        return new IndexPlan(
                JsonNodeFactory.instance.objectNode(), Map.of(), "Cannot index column " + column + ": " + why);
    }

    /** The field of a column: its own, the one it had under a former name, or the one it has under a later name. */
    private static String fieldOf(String column, JsonNode mappings, RowSchema schema, Map<String, String> renames) {
        JsonNode own = property(mappings, FieldName.of(column));
        if (!own.isMissingNode()) {
            return isAlias(own) ? own.path("path").asText() : FieldName.of(column);
        }
        for (String former = renames.get(column); former != null; former = renames.get(former)) {
            JsonNode field = property(mappings, FieldName.of(former));
            if (!field.isMissingNode() && schema.indexOf(former) < 0) {
                return isAlias(field) ? field.path("path").asText() : FieldName.of(former);
            }
        }
        for (String later : renames.keySet()) {
            for (String former = renames.get(later); former != null; former = renames.get(former)) {
                if (former.equals(column)
                        && schema.indexOf(later) < 0
                        && !property(mappings, FieldName.of(later)).isMissingNode()) {
                    return FieldName.of(later);
                }
            }
        }
        return FieldName.of(column);
    }

    private static JsonNode property(JsonNode mappings, String name) {
        for (JsonNode index : mappings) {
            JsonNode property = index.path("mappings").path("properties").path(name);
            if (!property.isMissingNode()) {
                return property;
            }
        }
        return JsonNodeFactory.instance.missingNode();
    }

    private static boolean isAlias(JsonNode property) {
        return property.path("type").asText().equals("alias");
    }

    /**
     * Whether a column that needs one field can be kept in another: numbers in a field of the same kind, whole or not, texts in
     * any field of texts, everything else only in its own.
     */
    static boolean fits(JsonNode field, JsonNode wanted) {
        String has = field.path("type").asText("object");
        String needs = wanted.path("type").asText();
        return switch (needs) {
            case "long" -> has.equals("long") || has.equals("integer") || has.equals("short");
            case "double" -> has.equals("double") || has.equals("float");
            case "text", "keyword" -> has.equals("text") || has.equals("keyword") || has.equals("wildcard");
            case "date" ->
                has.equals("date")
                        && (field.path("format").isMissingNode()
                                || field.path("format").equals(wanted.path("format")));
            default -> has.equals(needs);
        };
    }
}
