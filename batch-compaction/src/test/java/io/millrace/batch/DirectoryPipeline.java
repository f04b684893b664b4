package io.millrace.batch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.hadoop.HadoopCatalog;
import org.apache.spark.sql.SparkSession;

/** A pipeline file for tables in a directory, and a job's command line that names it. */
public record DirectoryPipeline(Path folder) {

    /** Iceberg's warehouse. */
    public Path warehouse() {
        return folder.resolve("warehouse");
    }

    /**
     * Writes the file.
     *
     * @param catalog the catalog's name
     * @param tables Iceberg tables by namespace and name, each made of the table of that name in the source
     */
    public void write(String catalog, String... tables) throws IOException {
        StringBuilder routes = new StringBuilder();
        for (String table : tables) {
            routes.append("  - { source: logistics, table: public.")
                    .append(table.substring(table.indexOf('.') + 1))
                    .append(", key: [id], iceberg: { table: ")
                    .append(table)
                    .append(" } }\n");
        }
        Files.writeString(file(), """
                pipeline: logistics
                sources:
                  - { name: logistics, format: debezium-avro, transport: kinesis, stream: millrace-logistics, shards: 1 }
                tables:
                %sconnections:
                  kinesis: { region: us-east-1 }
                  schema-registry: { region: us-east-1, name: millrace }
                  storage: { region: us-east-1, location: "s3://millrace/logistics" }
                  iceberg: { catalog: %s, properties: { type: hadoop, warehouse: "%s" } }
                  opensearch: { hosts: ["http://127.0.0.1:19200"] }
                """.formatted(routes, catalog, warehouse().toUri()));
    }

    /** The catalog of the tables. */
    public Catalog catalog() {
        return new HadoopCatalog(new Configuration(), warehouse().toUri().toString());
    }

    /** A session that knows the tables by the catalog's name, in UTC. */
    public SparkSession spark(String catalog) {
        SparkSession spark = LocalSpark.session().newSession();
        String property = "spark.sql.catalog." + catalog;
        spark.conf().set("spark.sql.session.timeZone", "UTC");
        spark.conf().set(property, "org.apache.iceberg.spark.SparkCatalog");
        spark.conf().set(property + ".type", "hadoop");
        spark.conf().set(property + ".warehouse", warehouse().toUri().toString());
        spark.conf().set(property + ".cache-enabled", "false");
        return spark;
    }

    /** A job's command line. */
    public String[] commandLine(String... more) {
        List<String> line = new ArrayList<>(List.of("--pipeline", file().toString()));
        line.addAll(List.of(more));
        return line.toArray(String[]::new);
    }

    private Path file() {
        return folder.resolve("pipeline.yaml");
    }
}
