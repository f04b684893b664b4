package io.millrace.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import org.apache.flink.client.program.PackagedProgram;
import org.apache.flink.client.program.PackagedProgramUtils;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar as a cluster takes it. */
class JobJarIT {
    private static final File JAR = new File("target/millrace-stream-processor-job.jar");

    /** Classes whose initialization touches what is easily left out of a jar. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "io.millrace.stream.IngestionJob",
                "io.millrace.schemas.registry.GlueSchemaRegistry",
                "org.apache.flink.streaming.connectors.kinesis.FlinkKinesisConsumer",
                "org.apache.iceberg.formats.FormatModelRegistry",
                "org.apache.iceberg.data.GenericFormatModels",
                "org.apache.iceberg.parquet.Parquet",
                "org.apache.iceberg.aws.AwsClientFactories",
                "org.apache.iceberg.aws.s3.S3FileIO",
                "org.apache.iceberg.aws.glue.GlueCatalog",
                "org.apache.iceberg.jdbc.JdbcCatalog",
                "org.apache.hadoop.conf.Configuration",
                "org.apache.parquet.hadoop.ParquetFileWriter",
                "software.amazon.awssdk.services.s3.S3Client",
                "software.amazon.awssdk.services.sts.StsClient"
            })
    void hasEverythingButFlink(String name) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader job = new URLClassLoader(new URL[] {JAR.toURI().toURL()}, new FlinkOnly())) {
            // As Flink does for the threads of its tasks.
            thread.setContextClassLoader(job);

            Class<?> loaded = Class.forName(name, true, job);

            assertThat(loaded.getClassLoader()).isSameAs(job);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Test
    void leavesToTheClusterWhatIsTheClusters() throws Exception {
        try (JarFile jar = new JarFile(JAR)) {
            assertThat(jar.stream().map(entry -> entry.getName()))
                    .doesNotContain(
                            "org/apache/flink/streaming/api/datastream/DataStream.class",
                            "org/slf4j/Logger.class",
                            "org/apache/logging/log4j/Logger.class",
                            "org/rocksdb/RocksDB.class",
                            "org/apache/flink/table/api/Table.class",
                            "module-info.class")
                    .noneMatch(name -> name.matches("META-INF/[^/]+\\.(SF|DSA|RSA)"));
        }
    }

    /** The main asks Kafka for the replay topic; nothing else is asked before the job runs. */
    @Test
    void buildsItsJobGraph(@TempDir Path directory) throws Exception {
        try (LocalBroker broker = new LocalBroker(directory.resolve("kafka"))) {
            buildJobGraph(directory, broker.address());
        }
    }

    private static void buildJobGraph(Path directory, String broker) throws Exception {
        Path pipeline = Files.writeString(directory.resolve("orders.yaml"), """
                pipeline: orders
                sources:
                  - { name: store, format: debezium-avro, transport: kafka, stream: millrace-store }
                  - { name: shop, format: debezium-avro, transport: kinesis, stream: millrace-shop, shards: 1 }
                tables:
                  - source: shop
                    table: public.orders
                    key: [id]
                    iceberg: { table: shop.orders }
                    rules: [{ rule: volume }]
                    opensearch: { index: orders }
                  - source: store
                    table: public.orders
                    key: [id]
                    iceberg: { table: store.orders }
                connections:
                  kafka: { bootstrap-servers: ["%s"] }
                  kinesis: { region: us-east-1 }
                  schema-registry: { region: us-east-1, name: millrace }
                  storage: { region: us-east-1, location: "s3://millrace/orders" }
                  iceberg: { catalog: millrace, properties: { type: hadoop, warehouse: "%s" } }
                  opensearch: { hosts: ["http://127.0.0.1:1"] }
                """.formatted(
                        broker, directory.resolve("warehouse").toUri()));
        Configuration settings = new Configuration();
        // The connector is on the tests' class path too, where all of Flink comes first, and brings its client along.
        settings.set(CoreOptions.ALWAYS_PARENT_FIRST_LOADER_PATTERNS_ADDITIONAL, List.of("org.apache.kafka."));
        PackagedProgram program = PackagedProgram.newBuilder()
                .setJarFile(JAR)
                .setConfiguration(settings)
                .setArguments("--pipeline", pipeline.toString())
                .build();

        JobGraph graph = PackagedProgramUtils.createJobGraph(program, new Configuration(), 2, false);

        assertThat(graph.getName()).isEqualTo("millrace orders");
        assertThat(graph.getNumberOfVertices()).isGreaterThan(4);
        program.close();
    }

    /** What a cluster's class path has: Flink itself, RocksDB and logging. */
    private static final class FlinkOnly extends ClassLoader {
        FlinkOnly() {
            super(ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            boolean flink = name.startsWith("org.apache.flink.")
                    && !name.startsWith("org.apache.flink.streaming.connectors.")
                    && !name.startsWith("org.apache.flink.connector.kafka.");
            if (flink || name.startsWith("org.slf4j.") || name.startsWith("org.apache.logging.")) {
                return JobJarIT.class.getClassLoader().loadClass(name);
            }
            throw new ClassNotFoundException(name);
        }
    }
}
