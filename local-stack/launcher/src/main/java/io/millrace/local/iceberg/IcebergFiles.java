package io.millrace.local.iceberg;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.schemas.pipeline.TableRoute;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchTableException;

/**
 * The files of a table's current snapshot, counted from its manifests.
 *
 * @param data data files
 * @param positionDelete files of deleted positions
 * @param deletionVector deletion vectors; several share a file, each is for one data file
 * @param equalityDelete files of deleted values, which Millrace does not write
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record IcebergFiles(long data, long positionDelete, long deletionVector, long equalityDelete) {
    private static final IcebergFiles NONE = new IcebergFiles(0, 0, 0, 0);

    /** Those of a table. */
    public static IcebergFiles of(Table table) {
        Snapshot current = table.currentSnapshot();
        if (current == null) {
            return NONE;
        }
        IcebergFiles counted = NONE;
        for (ManifestFile manifest : current.dataManifests(table.io())) {
            counted = counted.plus(new IcebergFiles(live(manifest), 0, 0, 0));
        }
        for (ManifestFile manifest : current.deleteManifests(table.io())) {
            try (ManifestReader<DeleteFile> deletes =
                    ManifestFiles.readDeleteManifest(manifest, table.io(), table.specs())) {
                for (DeleteFile delete : deletes) {
                    counted = counted.plus(kind(delete));
                }
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot read the delete manifests of " + table.name(), e);
            }
        }
        return counted;
    }

    /**
     * Those of each table of a pipeline, by its source table's name; tables that have no row yet are left out.
     *
     * @throws RuntimeException if catalog or storage do not answer
     */
    public static Map<String, IcebergFiles> ofTables(Pipeline pipeline) {
        Map<String, IcebergFiles> files = new LinkedHashMap<>();
        Catalog catalog = CatalogUtil.buildIcebergCatalog(
                pipeline.connections().iceberg().catalog(),
                pipeline.connections().iceberg().properties(),
                null);
        try {
            for (TableRoute route : pipeline.tables()) {
                TableRoute.IcebergTarget target = route.iceberg();
                if (target != null) {
                    count(catalog, target, route.table().qualifiedName(), files);
                }
            }
        } finally {
            close(catalog);
        }
        return files;
    }

    /** All together. */
    public static IcebergFiles sum(Collection<IcebergFiles> all) {
        return all.stream().reduce(NONE, IcebergFiles::plus);
    }

    private static void count(
            Catalog catalog, TableRoute.IcebergTarget target, String name, Map<String, IcebergFiles> files) {
        try {
            files.put(
                    name,
                    of(catalog.loadTable(
                            TableIdentifier.of(Namespace.of(target.namespace().split("\\.")), target.name()))));
        } catch (NoSuchTableException notYet) {
            // It is made with its first row.
        }
    }

    private static void close(Catalog catalog) {
        if (catalog instanceof Closeable closeable) {
            try {
                closeable.close();
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot close the catalog", e);
            }
        }
    }

    private static long live(ManifestFile manifest) {
        Integer added = manifest.addedFilesCount();
        Integer existing = manifest.existingFilesCount();
        return (added == null ? 0 : added) + (existing == null ? 0 : existing);
    }

    private static IcebergFiles kind(DeleteFile delete) {
        if (delete.content() == FileContent.EQUALITY_DELETES) {
            return new IcebergFiles(0, 0, 0, 1);
        }
        return delete.format() == FileFormat.PUFFIN ? new IcebergFiles(0, 0, 1, 0) : new IcebergFiles(0, 1, 0, 0);
    }

    private IcebergFiles plus(IcebergFiles other) {
        return new IcebergFiles(
                data + other.data,
                positionDelete + other.positionDelete,
                deletionVector + other.deletionVector,
                equalityDelete + other.equalityDelete);
    }
}
