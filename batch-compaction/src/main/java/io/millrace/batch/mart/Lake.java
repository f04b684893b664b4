package io.millrace.batch.mart;

import io.millrace.schemas.pipeline.Connections;
import java.io.Closeable;
import java.io.IOException;
import java.time.ZoneId;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.catalog.Catalog;
import org.apache.spark.sql.SparkSession;

/** The Iceberg catalog of a pipeline, for Spark and beside it. */
final class Lake implements Closeable {
    private final SparkSession spark;
    private final Connections.Iceberg connection;
    private final Catalog catalog;

    Lake(SparkSession spark, Connections.Iceberg connection) {
        this.spark = spark;
        this.connection = connection;
        this.catalog = CatalogUtil.buildIcebergCatalog(
                connection.catalog(),
                connection.properties(),
                spark.sparkContext().hadoopConfiguration());
    }

    /** The catalog's name in SQL. */
    String name() {
        return connection.catalog();
    }

    Catalog catalog() {
        return catalog;
    }

    /** A session with views and settings of its own; several may work beside each other. */
    SparkSession open(ZoneId timeZone) {
        SparkSession session = spark.newSession();
        String prefix = "spark.sql.catalog." + name();
        session.conf().set(prefix, "org.apache.iceberg.spark.SparkCatalog");
        connection.properties().forEach((key, value) -> session.conf().set(prefix + "." + key, value));
        // A day's snapshot is asked for by its id; a table cached from before would not know a new branch.
        session.conf().set(prefix + ".cache-enabled", "false");
        session.conf().set("spark.sql.session.timeZone", timeZone.getId());
        session.conf().set("spark.sql.adaptive.enabled", "true");
        session.conf().set("spark.sql.shuffle.partitions", spark.conf().get("spark.sql.shuffle.partitions"));
        return session;
    }

    @Override
    public void close() throws IOException {
        if (catalog instanceof Closeable closeable) {
            closeable.close();
        }
    }
}
