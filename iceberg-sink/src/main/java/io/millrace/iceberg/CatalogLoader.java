package io.millrace.iceberg;

import java.io.Serializable;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.catalog.Catalog;

/** Opens an Iceberg catalog where it is needed; travels to the task managers. */
public interface CatalogLoader extends Serializable {

    /** Opens the catalog; the caller closes it if it is {@link java.io.Closeable}. */
    Catalog load();

    /**
     * A catalog by Iceberg's own properties ({@code type} or {@code catalog-impl}, {@code warehouse}, {@code io-impl} …).
     *
     * @param name the catalog's name; with the JDBC catalog part of every table's identity
     */
    static CatalogLoader ofProperties(String name, Map<String, String> properties) {
        Map<String, String> copy = Map.copyOf(properties);
        return () -> {
            DatabaseDrivers.load();
            return CatalogUtil.buildIcebergCatalog(name, copy, new Configuration());
        };
    }
}
