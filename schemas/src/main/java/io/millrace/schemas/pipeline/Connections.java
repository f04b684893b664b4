package io.millrace.schemas.pipeline;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The servers at both ends of the pipeline: all that differs between a laptop and AWS.
 *
 * <p>What no source and no table of a pipeline uses may be null; asking for it then is an error of the caller's.
 *
 * @param kinesis where streams are
 * @param kafka where topics are
 * @param schemaRegistry where schemas are
 * @param storage where objects are that are neither table nor stream
 * @param iceberg the catalog
 * @param opensearch the search cluster
 */
public record Connections(
        @Nullable Kinesis kinesis,
        @Nullable Kafka kafka,
        @Nullable SchemaRegistry schemaRegistry,
        Storage storage,
        Iceberg iceberg,
        @Nullable OpenSearch opensearch)
        implements Serializable {

    @Override
    public Kinesis kinesis() {
        return used(kinesis, "kinesis");
    }

    @Override
    public Kafka kafka() {
        return used(kafka, "kafka");
    }

    @Override
    public SchemaRegistry schemaRegistry() {
        return used(schemaRegistry, "schema-registry");
    }

    @Override
    public OpenSearch opensearch() {
        return used(opensearch, "opensearch");
    }

    private static <T> T used(@Nullable T section, String name) {
        return Objects.requireNonNull(section, () -> "Cannot find setting: connections." + name);
    }

    /**
     * Kinesis.
     *
     * @param region the AWS region
     * @param endpoint the address, if it is not AWS's own of the region
     */
    public record Kinesis(String region, @Nullable String endpoint) implements Serializable {}

    /**
     * Kafka.
     *
     * @param bootstrapServers the addresses of some of its brokers, such as {@code broker:9092}; at least one
     * @param properties Kafka's own client properties, passed through to every client; secrets among them
     */
    public record Kafka(List<String> bootstrapServers, Map<String, String> properties) implements Serializable {

        /** Leaves out the properties, which may hold secrets. */
        @Override
        public String toString() {
            return "Kafka[bootstrapServers=" + bootstrapServers + "]";
        }
    }

    /**
     * The Glue Schema Registry.
     *
     * @param region the AWS region
     * @param endpoint the address, if it is not AWS's own of the region
     * @param name the registry's name
     * @param compatibility what a new version of a schema must be able to do; holds for schemas registered from now on
     */
    public record SchemaRegistry(String region, @Nullable String endpoint, String name, Compatibility compatibility)
            implements Serializable {

        /** A registry whose schemas are {@link Compatibility#BACKWARD} compatible. */
        public SchemaRegistry(String region, @Nullable String endpoint, String name) {
            this(region, endpoint, name, Compatibility.BACKWARD);
        }

        /** Glue's compatibility modes; {@code _ALL} compares with every version and not with the latest only. */
        public enum Compatibility {
            /** Every version is taken. */
            NONE,
            /** No second version is taken. */
            DISABLED,
            /** Readers with the new schema read old records. */
            BACKWARD,
            /** Readers with the new schema read old records of every version. */
            BACKWARD_ALL,
            /** Readers with the old schema read new records. */
            FORWARD,
            /** Readers with any old schema read new records. */
            FORWARD_ALL,
            /** Both of backward and forward. */
            FULL,
            /** Both of backward and forward, with every version. */
            FULL_ALL
        }
    }

    /**
     * S3, for claim checks (payloads over Kinesis's record limit), capture offsets and the job's checkpoints.
     *
     * @param region the AWS region
     * @param endpoint the address, if it is not AWS's own of the region
     * @param location an {@code s3://bucket/prefix} under which everything is kept
     */
    public record Storage(String region, @Nullable String endpoint, String location) implements Serializable {}

    /**
     * The Iceberg catalog.
     *
     * @param catalog the catalog's name
     * @param properties Iceberg's own catalog properties, passed through; secrets among them
     */
    public record Iceberg(String catalog, Map<String, String> properties) implements Serializable {

        /** Leaves out the properties, which may hold secrets. */
        @Override
        public String toString() {
            return "Iceberg[catalog=" + catalog + "]";
        }
    }

    /**
     * OpenSearch.
     *
     * @param hosts the addresses of its nodes, such as {@code http://127.0.0.1:9200}; at least one
     * @param user who writes; null without authentication
     * @param password the user's password
     * @param replicas how many copies beside the first a new index gets
     */
    public record OpenSearch(
            List<String> hosts,
            @Nullable String user,
            @Nullable Secret password,
            int replicas) implements Serializable {}
}
