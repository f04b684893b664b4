package io.millrace.local.stack;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.pipeline.Database;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.schemas.pipeline.PipelineFile;
import io.millrace.schemas.pipeline.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that the launcher writes for the processes it starts. */
class LocalFilesTest {

    private static final String YAML = """
            pipeline: shop
            sources:
              - name: local
                format: debezium-avro
                transport: kinesis
                stream: one
                database:
                  type: postgresql
                  name: shop
                  user: millrace
                  password: "0123"
                  init: shop.sql
              - name: elsewhere
                format: debezium-avro
                transport: kinesis
                stream: two
                database:
                  type: postgresql
                  host: db.example.org
                  port: 5433
                  name: orders
                  user: reader
                  password: ${MILLRACE_TEST_PASSWORD:-secret}
              - name: second
                format: debezium-json
                stream: three
                database: { type: mariadb, name: stock, user: clerk, password: "4567", init: stock.sql }
            tables:
              - { source: second, table: stock.c, key: [id], iceberg: { table: shop.c } }
              - { source: local, table: public.a, key: [id], opensearch: { index: a } }
              - { source: elsewhere, table: public.b, key: [id], iceberg: { table: shop.b } }
            """;

    @TempDir
    private Path directory;

    private Path file;
    private Path connections;

    @BeforeEach
    void write() throws IOException {
        file = directory.resolve("shop.yaml");
        connections = directory.resolve("connections.yaml");
        Files.writeString(file, YAML);
        Files.writeString(directory.resolve("shop.sql"), "CREATE TABLE a (id int PRIMARY KEY)");
        Files.writeString(connections, ConnectionsYaml.render(Ports.shifted(100), PipelineName.in(file)));
    }

    @Test
    void theConnectionsAreOfThePipelineAndItsPorts() {
        Pipeline pipeline = PipelineFile.read(file, connections);

        assertThat(pipeline.connections().kinesis().endpoint()).isEqualTo("http://127.0.0.1:14667");
        assertThat(pipeline.connections().storage().location()).isEqualTo("s3://millrace/shop");
        assertThat(pipeline.connections().iceberg().properties())
                .containsEntry("uri", "jdbc:postgresql://127.0.0.1:15532/iceberg");
    }

    @Test
    void onlyDatabasesWithoutHostGetTheLocalServersAddress() throws IOException {
        Path resolved = directory.resolve("resolved.yaml");
        Files.writeString(resolved, resolved());

        Pipeline pipeline = PipelineFile.read(resolved, connections);

        Database local = database(pipeline, 0);
        Database elsewhere = database(pipeline, 1);
        assertThat(local.host()).isEqualTo("127.0.0.1");
        assertThat(local.port()).isEqualTo(15532);
        assertThat(local.password().reveal()).isEqualTo("0123");
        assertThat(database(pipeline, 2).host()).isEqualTo("127.0.0.1");
        assertThat(database(pipeline, 2).port()).isEqualTo(13406);
        assertThat(elsewhere.host()).isEqualTo("db.example.org");
        assertThat(elsewhere.port()).isEqualTo(5433);
        assertThat(pipeline.tables())
                .isEqualTo(PipelineFile.read(file, connections).tables());
    }

    @Test
    void whatComesFromTheEnvironmentIsNotWrittenDown() throws IOException {
        String resolved = resolved();

        assertThat(resolved).contains("${MILLRACE_TEST_PASSWORD:-secret}");
    }

    @Test
    void theLocalServerCreatesTheCatalogAndItsOwnDatabasesOnly() {
        Pipeline pipeline = PipelineFile.read(file, connections);
        Properties properties = LocalDatabases.describe(pipeline, Database.Kind.POSTGRESQL, file);

        assertThat(properties)
                .containsEntry("0.name", "iceberg")
                .containsEntry("1.name", "shop")
                .containsEntry("1.init", directory.resolve("shop.sql").toString())
                .doesNotContainKey("2.name");
        assertThat(LocalDatabases.describe(pipeline, Database.Kind.MARIADB, file))
                .containsEntry("0.name", "stock")
                .containsEntry("0.init", directory.resolve("stock.sql").toString())
                .doesNotContainKey("1.name");
    }

    private String resolved() throws IOException {
        List<Source> sources = PipelineFile.read(file, connections).sources();
        return ResolvedPipeline.resolve(
                Files.readString(file), index -> LocalDatabases.portOf(sources.get(index), Ports.shifted(100)));
    }

    private static Database database(Pipeline pipeline, int source) {
        Database database = pipeline.sources().get(source).database();
        assertThat(database).isNotNull();
        return database;
    }
}
