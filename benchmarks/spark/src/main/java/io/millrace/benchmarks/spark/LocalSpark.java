package io.millrace.benchmarks.spark;

import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/** Spark in this JVM, with two threads. */
final class LocalSpark {
    private LocalSpark() {}

    /** Tables are read by their folders: {@code default_iceberg} is the catalog that Iceberg uses for that. */
    static SparkSession start(Path scratch) {
        return SparkSession.builder()
                .master("local[2]")
                .appName("millrace-benchmarks")
                .config("spark.ui.enabled", false)
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.local.dir", scratch.toString())
                .config("spark.sql.shuffle.partitions", 2)
                .config("spark.sql.warehouse.dir", scratch.toString())
                .config("spark.sql.catalog.default_iceberg", "org.apache.iceberg.spark.SparkCatalog")
                .config("spark.sql.catalog.default_iceberg.type", "hadoop")
                .config("spark.sql.catalog.default_iceberg.warehouse", scratch.toString())
                .getOrCreate();
    }
}
