package io.millrace.schemas.document;

/** The name of the field of a search index that keeps a column. */
public final class FieldName {
    private FieldName() {}

    /**
     * The column's own name, but for what means something else to an index: a name that begins with one underscore, as its
     * own fields do ({@code _id}, {@code _source} and those of plugins), and dots, which would make one field a part of
     * another. These characters are spelled {@code _uXXXX}: {@code _id} is {@code _u005fid}, {@code a.b} is {@code
     * a_u002eb}.
     */
    public static String of(String column) {
        String field = column.replace(".", "_u002e");
        return field.startsWith("_") && !field.startsWith("__") && !column.startsWith(".")
                ? "_u005f" + field.substring(1)
                : field;
    }
}
