package io.millrace.capture.mariadb;

import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Mends what Debezium 3.5 makes of some values of the binary log, so that a row is the same whether it was read or
 * streamed.
 *
 * <ul>
 *   <li>Commas and backslashes in the words of an enum or a set come with a backslash before them.
 *   <li>The year 0 comes as 1900, which is none: years are 0 or from 1901 on.
 *   <li>The zero timestamp comes as 1970-01-01T00:00:00Z, which is none either; where a null may stand, it becomes null as zero
 *       dates do.
 * </ul>
 */
final class BinlogValues {
    private static final String ZERO = "1970-01-01T00:00:00";
    private static final int YEAR_ZERO = 1900;

    private BinlogValues() {}

    /**
     * Mends a row or a key, if there is one.
     *
     * @param streamed whether it is from the log: words of rows that were read come as they are
     */
    static void mend(@Nullable Struct row, boolean streamed) {
        if (row == null) {
            return;
        }
        for (Field field : row.schema().fields()) {
            String type = field.schema().name();
            if (type == null) {
                continue;
            }
            Object value = row.getWithoutDefault(field.name());
            switch (type) {
                case "io.debezium.data.Enum", "io.debezium.data.EnumSet" -> {
                    if (streamed && value instanceof String text && text.indexOf('\\') >= 0) {
                        row.put(field, unescaped(text));
                    }
                }
                case "io.debezium.time.Year" -> {
                    if (value instanceof Integer year && year == YEAR_ZERO) {
                        row.put(field, 0);
                    }
                }
                case "io.debezium.time.ZonedTimestamp" -> {
                    if (field.schema().isOptional() && value instanceof String text && isZero(text)) {
                        row.put(field, null);
                    }
                }
                default -> {}
            }
        }
    }

    /** The zero timestamp, with as many zeros behind the point as the column has digits. */
    private static boolean isZero(String text) {
        return text.startsWith(ZERO)
                && text.endsWith("Z")
                && text.chars().skip(ZERO.length()).allMatch(c -> ".0Z".indexOf(c) >= 0);
    }

    private static String unescaped(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean escape =
                    c == '\\' && i + 1 < text.length() && (text.charAt(i + 1) == ',' || text.charAt(i + 1) == '\\');
            plain.append(escape ? text.charAt(++i) : c);
        }
        return plain.toString();
    }
}
