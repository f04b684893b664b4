package io.millrace.local.reconcile;

import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.pipeline.TableRoute;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A table whose source and targets are compared. */
final class ComparedTable {
    private final TableRoute route;
    private final List<SourceColumn> columns;
    private final Map<String, Integer> places = new HashMap<>();

    /**
     * A table.
     *
     * @param route where it comes from and goes to
     * @param columns the source's columns, in its order, with their types in the targets
     */
    ComparedTable(TableRoute route, List<SourceColumn> columns) {
        this.route = route;
        this.columns = List.copyOf(columns);
        for (int i = 0; i < columns.size(); i++) {
            places.put(columns.get(i).name(), i);
        }
    }

    TableRoute route() {
        return route;
    }

    List<SourceColumn> columns() {
        return columns;
    }

    /** The place of a column, or -1 if the source has none of this name. */
    int indexOf(String column) {
        return places.getOrDefault(column, -1);
    }

    /** The columns of the key, in its order. */
    List<SourceColumn> keyColumns() {
        return route.key().stream().map(name -> columns.get(keyPlace(name))).toList();
    }

    /** The texts of a row's key values, in the order of the key. */
    List<String> key(List<@Nullable String> values) {
        List<String> key = new ArrayList<>();
        for (String column : route.key()) {
            key.add(String.valueOf(values.get(keyPlace(column))));
        }
        return key;
    }

    private int keyPlace(String column) {
        int place = indexOf(column);
        if (place < 0) {
            throw new ReconcileProblem("Cannot find key column " + column + " in the source table "
                    + route.table().qualifiedName() + ": check the key in the pipeline file.");
        }
        return place;
    }

    /** The id of the search document of a row with this key. */
    String id(List<String> key) {
        return RowKey.of(route.table(), key).documentId();
    }

    /** The row with these values, under the id that they give it. */
    ComparedRow row(List<@Nullable String> values) {
        return new ComparedRow(id(key(values)), values);
    }

    /** The key of the row that a row's id names; that is not the key in its values if somebody has changed that. */
    List<String> keyOf(ComparedRow row) {
        List<String> own = key(row.values());
        if (id(own).equals(row.id())) {
            return own;
        }
        List<String> named = new RowKey(route.table().toString(), row.id()).values();
        return named.size() == own.size() ? named : own;
    }

    /** What puts a row into its bucket: the digest of the key that its own values make, whatever its id. */
    RowDigest keyDigest(ComparedRow row) {
        return RowDigest.of(RowKey.of(route.table(), key(row.values())).id());
    }

    /** Digests all values of a row. */
    RowDigest digest(ComparedRow row) {
        List<@Nullable String> texts = new ArrayList<>(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            texts.add(Canonical.ofDigest(columns.get(i).type(), row.values().get(i)));
        }
        return RowDigest.of(Canonical.list(texts));
    }
}
