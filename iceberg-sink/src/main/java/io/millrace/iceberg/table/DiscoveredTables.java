package io.millrace.iceberg.table;

import io.millrace.iceberg.TableDiscovery;
import io.millrace.iceberg.UpsertTable;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.jspecify.annotations.Nullable;

/** Finds the tables of a {@link TableDiscovery} in a catalog. */
public final class DiscoveredTables {
    private final Catalog catalog;
    private final @Nullable TableDiscovery discovery;

    public DiscoveredTables(Catalog catalog, @Nullable TableDiscovery discovery) {
        this.catalog = catalog;
        this.discovery = discovery;
    }

    /** All that exist. */
    public List<UpsertTable> all() {
        List<UpsertTable> found = new ArrayList<>();
        if (discovery != null && catalog instanceof SupportsNamespaces namespaces) {
            addTo(found, namespaces, Namespace.empty());
        }
        return found;
    }

    private void addTo(List<UpsertTable> found, SupportsNamespaces namespaces, Namespace parent) {
        for (Namespace namespace : children(namespaces, parent)) {
            for (TableIdentifier table : catalog.listTables(namespace)) {
                UpsertTable definition = find(table);
                if (definition != null) {
                    found.add(definition);
                }
            }
            addTo(found, namespaces, namespace);
        }
    }

    private static List<Namespace> children(SupportsNamespaces namespaces, Namespace parent) {
        try {
            return namespaces.listNamespaces(parent);
        } catch (NoSuchNamespaceException none) {
            // So some catalogs say that there is nothing in them yet.
            return List.of();
        }
    }

    /** One of them; null if it does not exist, or is none. */
    public @Nullable UpsertTable find(TableIdentifier table) {
        if (discovery == null || !discovery.mayBe(table)) {
            return null;
        }
        try {
            return discovery.define(table, catalog.loadTable(table).properties());
        } catch (NoSuchTableException absent) {
            return null;
        }
    }
}
