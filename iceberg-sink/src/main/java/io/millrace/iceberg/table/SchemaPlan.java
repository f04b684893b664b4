package io.millrace.iceberg.table;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** What a table's schema needs so that changes of a schema fit. */
public sealed interface SchemaPlan {

    /** Nothing. */
    record Fits() implements SchemaPlan {}

    /** Additive steps; in any order, several writers may take them at once. */
    record Evolve(List<Step> steps) implements SchemaPlan {
        public void apply(UpdateSchema update) {
            steps.forEach(step -> step.apply(update));
        }
    }

    /** There is no additive way. */
    record Incompatible(String message) implements SchemaPlan {}

    /** One additive step. */
    sealed interface Step {
        void apply(UpdateSchema update);
    }

    /** A column that the table does not have; optional, as earlier rows have no value. */
    record AddColumn(String name, Type type) implements Step {
        @Override
        public void apply(UpdateSchema update) {
            update.addColumn(name, type);
        }
    }

    /** A column, or a list's element, that the change has wider. */
    record Widen(String name, Type.PrimitiveType type) implements Step {
        @Override
        public void apply(UpdateSchema update) {
            update.updateColumn(name, type);
        }
    }

    /** A required column for which a change may have no value. */
    record MakeOptional(String name) implements Step {
        @Override
        public void apply(UpdateSchema update) {
            update.makeColumnOptional(name);
        }
    }

    /** A column that the source has renamed, and the caller has said so; keeps its field id and so its values. */
    record Rename(String from, String to) implements Step {
        @Override
        public void apply(UpdateSchema update) {
            update.renameColumn(from, to);
        }
    }

    /**
     * Compares by column name.
     *
     * <p>Renames come alone: only in a table that has taken them can a former name be given to another column.
     *
     * @param renames a column's name to the one it had before
     */
    static SchemaPlan of(Schema table, Schema change, Set<String> keyColumns, Map<String, String> renames) {
        ColumnMatch match = ColumnMatch.of(table, change, renames);
        List<Step> steps = new ArrayList<>();
        Set<String> met = new HashSet<>();
        for (Types.NestedField column : change.columns()) {
            String name = match.tableColumn(column.name());
            Types.NestedField existing = name == null ? null : table.asStruct().field(name);
            if (existing != null && !column.isOptional()) {
                met.add(existing.name());
            }
            if (existing == null) {
                steps.add(new AddColumn(column.name(), column.type()));
                continue;
            }
            switch (TypeFit.of(existing.type(), column.type())) {
                case SAME, TABLE_WIDER -> {}
                case CHANGE_WIDER -> steps.add(widen(existing.name(), existing.type(), column.type()));
                case NONE -> {
                    return new Incompatible("Cannot write " + column.type() + " into column " + column.name()
                            + " of type " + existing.type() + ": there is no widening from one to the other.");
                }
            }
        }
        for (Types.NestedField existing : table.columns()) {
            if (existing.isRequired() && !met.contains(existing.name()) && !keyColumns.contains(existing.name())) {
                steps.add(new MakeOptional(existing.name()));
            }
        }
        if (!match.renamed().isEmpty()) {
            List<Step> renamed = new ArrayList<>();
            match.renamed().forEach((from, to) -> renamed.add(new Rename(from, to)));
            return new Evolve(renamed);
        }
        return steps.isEmpty() ? new Fits() : new Evolve(steps);
    }

    private static Step widen(String name, Type table, Type change) {
        return table.isListType()
                ? widen(
                        name + ".element",
                        table.asListType().elementType(),
                        change.asListType().elementType())
                : new Widen(name, change.asPrimitiveType());
    }
}
