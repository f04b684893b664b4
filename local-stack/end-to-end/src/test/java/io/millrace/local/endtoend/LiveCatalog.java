package io.millrace.local.endtoend;

import io.millrace.local.stack.Endpoints;
import io.millrace.schemas.pipeline.Connections;
import io.millrace.schemas.pipeline.PipelineFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.SupportsPrefixOperations;

/** The Iceberg catalog of a running stack. */
record LiveCatalog(Catalog catalog) implements AutoCloseable {

    static LiveCatalog of(Endpoints endpoints) {
        Connections.Iceberg iceberg = PipelineFile.read(
                        Path.of(endpoints.resolvedPipelineFile()), Path.of(endpoints.connectionsFile()))
                .connections()
                .iceberg();
        return new LiveCatalog(CatalogUtil.buildIcebergCatalog(iceberg.catalog(), iceberg.properties(), null));
    }

    Table table(String name) {
        return catalog.loadTable(TableIdentifier.parse(name));
    }

    /** The rows of a table, each as the text of some of its columns, in order. */
    List<String> rows(String name, String... columns) throws IOException {
        List<String> rows = new ArrayList<>();
        try (CloseableIterable<Record> records =
                IcebergGenerics.read(table(name)).build()) {
            for (Record record : records) {
                List<String> values = new ArrayList<>();
                for (String column : columns) {
                    values.add(String.valueOf(record.getField(column)));
                }
                rows.add(String.join(" ", values));
            }
        }
        rows.sort(null);
        return rows;
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
