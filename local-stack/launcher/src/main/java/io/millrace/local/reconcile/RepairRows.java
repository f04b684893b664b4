package io.millrace.local.reconcile;

import io.millrace.local.reconcile.SourceType.Array;
import io.millrace.local.reconcile.SourceType.Scalar;
import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.pipeline.DeclaredType;
import io.millrace.schemas.pipeline.TableRoute;
import io.millrace.schemas.replay.RepairRequest.Body;
import io.millrace.schemas.replay.RepairRequest.BodyColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes rows for the pipeline from the database's own texts of their values. */
final class RepairRows {
    private final TableRoute route;
    private final List<RepairColumn> columns;
    private final List<BodyColumn> bodyColumns;

    /**
     * A column of the source.
     *
     * @param name its name
     * @param source what its texts are of
     * @param type the type that the pipeline's rows have; empty if they cannot be made from texts
     * @param nullable whether it may be null
     */
    record RepairColumn(String name, SourceType source, Optional<ColumnType> type, boolean nullable) {}

    /** A row that cannot be made. */
    static final class NoRow extends Exception {
        private static final long serialVersionUID = 1L;

        NoRow(String reason) {
            super(reason);
        }
    }

    RepairRows(TableRoute route, List<RepairColumn> columns) {
        this.route = route;
        this.columns = columns.stream()
                .map(column -> {
                    DeclaredType declared = route.columns().get(column.name());
                    return declared == null
                            ? column
                            : new RepairColumn(
                                    column.name(), column.source(), Optional.of(declared.type()), column.nullable());
                })
                .toList();
        this.bodyColumns = this.columns.stream()
                .filter(column -> column.type().isPresent())
                .map(column -> new BodyColumn(
                        column.name(), DeclaredType.spell(column.type().orElseThrow()), column.nullable()))
                .toList();
    }

    /** The row with these texts. */
    Body row(List<@Nullable String> texts) throws NoRow {
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            values.add(value(columns.get(i), texts.get(i)));
        }
        List<String> key = new ArrayList<>();
        for (String name : route.key()) {
            for (int i = 0; i < columns.size(); i++) {
                if (columns.get(i).name().equals(name)) {
                    key.add(String.valueOf(PostgresText.canonical(columns.get(i).source(), texts.get(i))));
                }
            }
        }
        return new Body(route.table().schema(), route.table().name(), key, bodyColumns, values);
    }

    /** That there is no row of a key. */
    Body none(List<String> key) {
        return new Body(route.table().schema(), route.table().name(), key, null, null);
    }

    private static @Nullable Object value(RepairColumn column, @Nullable String text) throws NoRow {
        ColumnType type = column.type()
                .orElseThrow(
                        () -> new NoRow("column " + column.name() + " is of a type that cannot be read from its text"));
        if (text == null) {
            return null;
        }
        if (type instanceof ColumnType.Array && column.source() instanceof Array array) {
            List<@Nullable String> elements = PostgresArray.elements(array.element(), text);
            if (text.contains("{{")) {
                throw new NoRow("column " + column.name() + " has a value that the pipeline has none for");
            }
            return elements;
        }
        boolean asItIs = (type == Primitive.STRING || type == Primitive.JSON)
                && column.source() != Scalar.TIME_TZ
                && column.source() != Scalar.FREE_NUMERIC;
        String canonical = asItIs ? text : PostgresText.canonical(column.source(), text);
        if (canonical == null || isNone(type, canonical)) {
            throw new NoRow("column " + column.name() + " has a value that the pipeline has none for");
        }
        return canonical;
    }

    /** Whether a text is of a number that PostgreSQL has and the pipeline has not. */
    private static boolean isNone(ColumnType type, String text) {
        return type instanceof ColumnType.Decimal && Character.isLetter(text.charAt(text.length() - 1));
    }
}
