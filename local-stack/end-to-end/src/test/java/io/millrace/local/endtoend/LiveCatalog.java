package io.millrace.local.endtoend;

import io.millrace.schemas.pipeline.Connections;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.SupportsPrefixOperations;

/** The Iceberg catalog of a running stack. */
record LiveCatalog(Catalog catalog) implements AutoCloseable {

    static LiveCatalog of(LivePipeline live) {
        Connections.Iceberg iceberg = live.pipeline().connections().iceberg();
        return new LiveCatalog(CatalogUtil.buildIcebergCatalog(iceberg.catalog(), iceberg.properties(), null));
    }

    Table table(String name) {
        return catalog.loadTable(TableIdentifier.parse(name));
    }

    /** The names of all tables of a namespace. */
    List<String> tables(String namespace) {
        return catalog.listTables(Namespace.of(namespace)).stream()
                .map(TableIdentifier::toString)
                .toList();
    }

    /** The rows of a table. */
    List<Record> records(String name) throws IOException {
        try (CloseableIterable<Record> records =
                IcebergGenerics.read(table(name)).build()) {
            List<Record> rows = new ArrayList<>();
            records.forEach(rows::add);
            return rows;
        }
    }

    /** The rows of a table, each as the text of some of its columns, in order. */
    List<String> rows(String name, String... columns) throws IOException {
        return records(name).stream()
                .map(record -> Stream.of(columns)
                        .map(column -> String.valueOf(record.getField(column)))
                        .collect(Collectors.joining(" ")))
                .sorted()
                .toList();
    }

    /** The addresses of a table's files in one of its folders. */
    List<String> files(String name, String folder) {
        Table table = table(name);
        List<String> files = new ArrayList<>();
        ((SupportsPrefixOperations) table.io())
                .listPrefix(table.location() + "/" + folder)
                .forEach(file -> files.add(file.location()));
        return files;
    }

    @Override
    public void close() throws IOException {
        if (catalog instanceof Closeable closeable) {
            closeable.close();
        }
    }
}
