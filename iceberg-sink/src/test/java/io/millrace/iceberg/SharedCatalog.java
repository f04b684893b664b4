package io.millrace.iceberg;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.inmemory.InMemoryCatalog;

/** An in-memory catalog that outlives the jobs of a test, as a real one does, and whose commits can be made to fail. */
final class SharedCatalog implements Catalog, SupportsNamespaces {
    private static final Map<String, SharedCatalog> BY_NAME = new ConcurrentHashMap<>();

    private final InMemoryCatalog catalog = new InMemoryCatalog();
    private final CommitFaults faults = new CommitFaults();

    private SharedCatalog(String name) {
        catalog.initialize(name, Map.of());
    }

    static SharedCatalog named(String name) {
        return BY_NAME.computeIfAbsent(name, SharedCatalog::new);
    }

    static CatalogLoader loader(String name) {
        return () -> named(name);
    }

    /** What happens to commits of tables loaded through this catalog. */
    CommitFaults faults() {
        return faults;
    }

    /** The catalog without faults, for others than the sink. */
    Catalog direct() {
        return catalog;
    }

    @Override
    public Table loadTable(TableIdentifier identifier) {
        Table table = catalog.loadTable(identifier);
        return new BaseTable(faults.around(((HasTableOperations) table).operations()), table.name());
    }

    @Override
    public TableBuilder buildTable(TableIdentifier identifier, Schema schema) {
        return catalog.buildTable(identifier, schema);
    }

    @Override
    public List<TableIdentifier> listTables(Namespace namespace) {
        return catalog.listTables(namespace);
    }

    @Override
    public boolean dropTable(TableIdentifier identifier, boolean purge) {
        return catalog.dropTable(identifier, purge);
    }

    @Override
    public void renameTable(TableIdentifier from, TableIdentifier to) {
        catalog.renameTable(from, to);
    }

    @Override
    public void createNamespace(Namespace namespace, Map<String, String> metadata) {
        catalog.createNamespace(namespace, metadata);
    }

    @Override
    public List<Namespace> listNamespaces(Namespace namespace) {
        return catalog.listNamespaces(namespace);
    }

    @Override
    public Map<String, String> loadNamespaceMetadata(Namespace namespace) {
        return catalog.loadNamespaceMetadata(namespace);
    }

    @Override
    public boolean dropNamespace(Namespace namespace) {
        return catalog.dropNamespace(namespace);
    }

    @Override
    public boolean setProperties(Namespace namespace, Map<String, String> properties) {
        return catalog.setProperties(namespace, properties);
    }

    @Override
    public boolean removeProperties(Namespace namespace, Set<String> properties) {
        return catalog.removeProperties(namespace, properties);
    }
}
