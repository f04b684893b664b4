package io.millrace.batch.raw.read;

import io.millrace.batch.raw.infer.TableColumn;
import io.millrace.schemas.pipeline.DeclaredType;
import io.millrace.schemas.pipeline.DeclaredType.Spelling;
import io.millrace.schemas.pipeline.LandingZone;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What files are loaded into.
 *
 * @param columns the table's columns, without the job's own
 * @param types how files write them, in the same order
 * @param order the columns of files without header, by place
 */
public record TargetColumns(List<TableColumn> columns, List<DeclaredType> types, List<TableColumn> order)
        implements Serializable {

    /** Of a landing zone, whose declarations say how values are spelled. */
    public static TargetColumns of(LandingZone zone, List<TableColumn> columns, List<TableColumn> order) {
        Map<String, DeclaredType> declared = new HashMap<>();
        zone.columns().forEach((name, type) -> declared.put(name.toLowerCase(Locale.ROOT), type));
        List<DeclaredType> types = new ArrayList<>();
        for (TableColumn column : columns) {
            DeclaredType type = declared.get(column.id());
            boolean asItIs = type == null || TableColumn.stored(type.type()).equals(type.type());
            types.add(
                    type != null && !asItIs
                            ? type
                            : new DeclaredType(column.type(), type == null ? Spelling.PLAIN : type.spelling()));
        }
        return new TargetColumns(List.copyOf(columns), List.copyOf(types), List.copyOf(order));
    }
}
