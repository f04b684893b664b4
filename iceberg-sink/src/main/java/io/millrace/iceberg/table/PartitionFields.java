package io.millrace.iceberg.table;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;

/** Reads partition fields written as in SQL: {@code region}, {@code day(created_at)}, {@code bucket(16, id)}. */
public final class PartitionFields {
    private static final Pattern TRANSFORM = Pattern.compile("(\\w+)\\s*\\(\\s*(?:(\\d+)\\s*,\\s*)?([^,()]+?)\\s*\\)");

    private PartitionFields() {}

    /**
     * The spec that the fields describe.
     *
     * @throws IllegalArgumentException if a field cannot be read or names no column
     */
    public static PartitionSpec parse(Schema schema, List<String> fields) {
        PartitionSpec.Builder spec = PartitionSpec.builderFor(schema);
        for (String field : fields) {
            add(spec, field.trim());
        }
        return spec.build();
    }

    private static void add(PartitionSpec.Builder spec, String field) {
        Matcher call = TRANSFORM.matcher(field);
        if (!call.matches()) {
            spec.identity(field);
            return;
        }
        String column = call.group(3);
        String transform = call.group(1);
        String width = call.group(2);
        if (width != null) {
            switch (transform) {
                case "bucket" -> spec.bucket(column, Integer.parseInt(width));
                case "truncate" -> spec.truncate(column, Integer.parseInt(width));
                default -> throw unreadable(field);
            }
            return;
        }
        switch (transform) {
            case "identity" -> spec.identity(column);
            case "year", "years" -> spec.year(column);
            case "month", "months" -> spec.month(column);
            case "day", "days" -> spec.day(column);
            case "hour", "hours" -> spec.hour(column);
            default -> throw unreadable(field);
        }
    }

    private static IllegalArgumentException unreadable(String field) {
        return new IllegalArgumentException("Cannot read partition field: " + field
                + ". Use a column, year(c), month(c), day(c), hour(c), bucket(n, c) or truncate(n, c).");
    }
}
