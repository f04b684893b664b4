package io.millrace.batch.raw.infer;

import io.millrace.batch.WrongUsage;
import io.millrace.batch.raw.csv.FileLayout;
import io.millrace.batch.raw.infer.ColumnChange.Add;
import io.millrace.batch.raw.infer.ColumnChange.Create;
import io.millrace.batch.raw.infer.ColumnChange.Widen;
import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.pipeline.LandingFile;
import io.millrace.schemas.pipeline.LandingZone;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides which columns files are loaded into, what the table needs for that, and which files have to wait until somebody
 * approves it.
 *
 * <p>Accepted are the table's columns and those of the landing file. Everything else that files have is proposed; a file that
 * needs something proposed waits as a whole, so that no value of it is left out. A declared column is never proposed to be
 * wider: somebody has decided about it, and values that do not fit become dead letters.
 *
 * @param columns the columns to load, in the table's order
 * @param order the columns of files without header, by place
 * @param changes what is done to the table
 * @param proposals what would be done if it were approved
 * @param waiting files that wait, and why
 */
public record ColumnPlan(
        List<TableColumn> columns,
        List<TableColumn> order,
        List<ColumnChange> changes,
        List<ColumnChange> proposals,
        Map<String, String> waiting) {

    /**
     * A file that can be read.
     *
     * @param path its path
     * @param layout where its values are
     * @param widestBefore the most columns that an earlier file without header has; 0 if there is none
     */
    public record Readable(String path, FileLayout layout, int widestBefore) {}

    /** What the evidence of a column of a file without header is known by. */
    public static String placeId(int place) {
        return "#" + place;
    }

    /**
     * Makes the plan.
     *
     * @param existing the table's columns without the job's own; null if there is no table
     * @param files the files to be loaded
     * @param evidence what columns hold, by name in lower case or by {@link #placeId place}
     * @param approve whether proposals are approved
     * @throws WrongUsage if the landing file and the table contradict each other
     */
    public static ColumnPlan of(
            LandingZone zone,
            @Nullable List<TableColumn> existing,
            List<Readable> files,
            Map<String, TypeEvidence> evidence,
            boolean approve) {
        Planning planning = new Planning(zone, existing);
        planning.propose(files, evidence);
        if (approve) {
            planning.approve();
        }
        return planning.plan(files);
    }

    private static final class Planning {
        private final LandingZone zone;
        private final boolean exists;
        private final Map<String, TableColumn> accepted = new LinkedHashMap<>();
        private final Set<String> declared = new HashSet<>();
        private final List<ColumnChange> changes = new ArrayList<>();
        private final List<TableColumn> order = new ArrayList<>();
        private List<ColumnChange> proposals = new ArrayList<>();

        Planning(LandingZone zone, @Nullable List<TableColumn> existing) {
            this.zone = zone;
            this.exists = existing != null;
            if (existing != null) {
                existing.forEach(column -> accepted.put(column.id(), column));
            }
            zone.columns().forEach((name, type) -> declare(new TableColumn(name, TableColumn.stored(type.type()))));
            Set<String> placed = new HashSet<>();
            zone.columns().keySet().forEach(name -> {
                String id = name.toLowerCase(Locale.ROOT);
                placed.add(id);
                order.add(accepted(id));
            });
            accepted.values().stream()
                    .filter(column -> !placed.contains(column.id()))
                    .forEach(order::add);
        }

        private TableColumn accepted(String id) {
            TableColumn column = accepted.get(id);
            if (column == null) {
                throw new IllegalStateException("Cannot find accepted column: " + id);
            }
            return column;
        }

        private void declare(TableColumn column) {
            declared.add(column.id());
            TableColumn now = accepted.get(column.id());
            if (now == null) {
                accepted.put(column.id(), column);
                changes.add(new Add(column));
            } else if (canGrow(now.type(), column.type())) {
                TableColumn wider = new TableColumn(now.name(), column.type());
                accepted.put(column.id(), wider);
                changes.add(new Widen(wider));
            } else if (!now.type().equals(column.type()) && !canGrow(column.type(), now.type())) {
                throw new WrongUsage("Cannot load into column " + now.name() + " of " + zone.table() + " as "
                        + column.declaredType() + ": it is " + now.declaredType()
                        + " there. Declare it as that in zone "
                        + zone.name() + ", or change the table.");
            }
        }

        void propose(List<Readable> files, Map<String, TypeEvidence> evidence) {
            int widest = 0;
            Map<String, TableColumn> found = new LinkedHashMap<>();
            for (Readable file : files) {
                if (file.layout().names().isEmpty()) {
                    widest = Math.max(widest, file.layout().places().size());
                }
                for (String name : file.layout().names()) {
                    if (!accepted.containsKey(name) && !name.startsWith(LandingFile.OWN_PREFIX)) {
                        found.computeIfAbsent(name, id -> new TableColumn(id, inferred(evidence, id)));
                    }
                }
            }
            for (int place = order.size(); place < widest; place++) {
                String name = "column_" + (place + 1);
                found.putIfAbsent(name, new TableColumn(name, inferred(evidence, placeId(place))));
            }
            found.values().forEach(column -> proposals.add(new Add(column)));
            for (TableColumn column : List.copyOf(accepted.values())) {
                if (!declared.contains(column.id())) {
                    ColumnType wider = widened(column, evidence);
                    if (!wider.equals(column.type())) {
                        proposals.add(new Widen(new TableColumn(column.name(), wider)));
                    }
                }
            }
        }

        private ColumnType widened(TableColumn column, Map<String, TypeEvidence> evidence) {
            TypeEvidence all = new TypeEvidence();
            TypeEvidence named = evidence.get(column.id());
            TypeEvidence placed = evidence.get(placeId(order.indexOf(column)));
            if (named != null) {
                all.add(named);
            }
            if (placed != null) {
                all.add(placed);
            }
            return all.hasValues() ? all.widened(column.type()) : column.type();
        }

        private static ColumnType inferred(Map<String, TypeEvidence> evidence, String id) {
            TypeEvidence known = evidence.get(id);
            return known == null ? Primitive.STRING : known.type().type();
        }

        void approve() {
            for (ColumnChange proposal : proposals) {
                if (proposal instanceof Add add) {
                    accepted.put(add.column().id(), add.column());
                    order.add(add.column());
                } else if (proposal instanceof Widen widen) {
                    TableColumn before = accepted.put(widen.column().id(), widen.column());
                    order.replaceAll(column -> column.equals(before) ? widen.column() : column);
                }
            }
            changes.addAll(proposals);
            proposals = new ArrayList<>();
        }

        ColumnPlan plan(List<Readable> files) {
            Map<String, String> waiting = new TreeMap<>();
            for (Readable file : files) {
                String why = whyWaits(file);
                if (!why.isEmpty()) {
                    waiting.put(file.path(), why);
                }
            }
            List<TableColumn> all = List.copyOf(accepted.values());
            if (!exists) {
                List<TableColumn> proposed = new ArrayList<>(all);
                proposals.forEach(proposal -> {
                    if (proposal instanceof Add add) {
                        proposed.add(add.column());
                    }
                });
                return new ColumnPlan(
                        all,
                        List.copyOf(order),
                        all.isEmpty() ? List.of() : List.of(new Create(all, zone.partitionBy())),
                        all.isEmpty() && !proposed.isEmpty()
                                ? List.of(new Create(proposed, zone.partitionBy()))
                                : proposals,
                        waiting);
            }
            return new ColumnPlan(all, List.copyOf(order), changes, proposals, waiting);
        }

        private String whyWaits(Readable file) {
            FileLayout layout = file.layout();
            if (layout.names().isEmpty()) {
                int width = layout.places().size();
                if (width > order.size()) {
                    return "it has " + width + " columns, of which " + order.size() + " are known";
                }
                if (width < file.widestBefore()) {
                    return "it has " + width + " columns and an earlier file has " + file.widestBefore()
                            + ", so nobody knows which is missing: give files a header, or list the columns";
                }
                return widening(order.subList(0, width));
            }
            List<TableColumn> own = new ArrayList<>();
            for (String name : layout.names()) {
                if (name.startsWith(LandingFile.OWN_PREFIX)) {
                    return "it has a column " + name + ", and names that begin so are the job's own";
                }
                TableColumn column = accepted.get(name);
                if (column == null) {
                    return "its column " + name + " is not known";
                }
                own.add(column);
            }
            for (String key : zone.key()) {
                if (!layout.names().contains(key.toLowerCase(Locale.ROOT))) {
                    return "it has no key column " + key;
                }
            }
            if (zone.format().timestampColumn() != null && layout.time() < 0) {
                return "it has no column " + zone.format().timestampColumn() + ", the time of commits";
            }
            return widening(own);
        }

        private String widening(List<TableColumn> own) {
            for (ColumnChange proposal : proposals) {
                if (proposal instanceof Widen widen
                        && own.stream()
                                .anyMatch(column ->
                                        column.id().equals(widen.column().id()))) {
                    return "its column " + widen.column().name() + " may have values that need "
                            + widen.column().sqlType();
                }
            }
            return "";
        }
    }

    /** Whether Iceberg lets a column of the one type become one of the other. */
    static boolean canGrow(ColumnType from, ColumnType to) {
        if (from instanceof ColumnType.Decimal one && to instanceof ColumnType.Decimal other) {
            return one.scale() == other.scale() && other.precision() > one.precision();
        }
        return (from == Primitive.INT32 && to == Primitive.INT64)
                || (from == Primitive.FLOAT32 && to == Primitive.FLOAT64);
    }
}
