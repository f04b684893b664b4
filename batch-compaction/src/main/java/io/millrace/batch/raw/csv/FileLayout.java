package io.millrace.batch.raw.csv;

import io.millrace.schemas.pipeline.LandingZone.Format;
import io.millrace.schemas.pipeline.LandingZone.OperationColumn;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Where the values of a file's lines are.
 *
 * @param width how many values a line has
 * @param operation the place of the operation; -1 without one
 * @param time the place of the commit's time; -1 without one
 * @param places the places of the columns, in their order
 * @param names the columns' names, in lower case; empty if the file does not name them
 */
public record FileLayout(int width, int operation, int time, List<Integer> places, List<String> names)
        implements Serializable {
    private static final String OPERATION = "op";

    /** The layout of a file whose first line names the columns. */
    public static FileLayout named(Format format, List<String> header) {
        int operation = !header.isEmpty() && header.get(0).strip().equalsIgnoreCase(OPERATION) ? 0 : -1;
        int time = -1;
        List<Integer> places = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (int i = operation + 1; i < header.size(); i++) {
            String name = header.get(i).strip();
            if (name.equalsIgnoreCase(format.timestampColumn())) {
                time = i;
            } else {
                places.add(i);
                names.add(name.toLowerCase(Locale.ROOT));
            }
        }
        return new FileLayout(header.size(), operation, time, List.copyOf(places), List.copyOf(names));
    }

    /**
     * The layout of a file without names.
     *
     * @param load whether it is of a full load
     * @param width how many values its first line has
     */
    public static FileLayout positional(Format format, boolean load, int width) {
        OperationColumn which = format.operationColumn();
        boolean hasOperation = which == OperationColumn.ALL || (which == OperationColumn.CHANGES && !load);
        int operation = hasOperation ? 0 : -1;
        int time = format.timestampColumn() == null ? -1 : operation + 1;
        int first = Math.max(operation, time) + 1;
        List<Integer> places = new ArrayList<>();
        for (int i = first; i < width; i++) {
            places.add(i);
        }
        return new FileLayout(width, operation, time, List.copyOf(places), List.of());
    }

    /** Why no line of the file can be read; empty if nothing is wrong. */
    public String problem() {
        if (places.isEmpty()) {
            return "it has no columns";
        }
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (name.isEmpty()) {
                return "a column has no name";
            }
            if (!seen.add(name)) {
                return "two columns are named " + name;
            }
        }
        return "";
    }
}
