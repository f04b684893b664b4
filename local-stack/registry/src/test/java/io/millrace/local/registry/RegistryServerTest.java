package io.millrace.local.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.AlreadyExistsException;
import software.amazon.awssdk.services.glue.model.Compatibility;
import software.amazon.awssdk.services.glue.model.CreateSchemaResponse;
import software.amazon.awssdk.services.glue.model.DataFormat;
import software.amazon.awssdk.services.glue.model.EntityNotFoundException;
import software.amazon.awssdk.services.glue.model.InvalidInputException;
import software.amazon.awssdk.services.glue.model.RegisterSchemaVersionResponse;
import software.amazon.awssdk.services.glue.model.SchemaId;
import software.amazon.awssdk.services.glue.model.SchemaListItem;
import software.amazon.awssdk.services.glue.model.SchemaVersionStatus;

/** The registry as AWS's own client sees it. */
class RegistryServerTest {

    private static final String ONE =
            "{\"type\":\"record\",\"name\":\"t\",\"fields\":[{\"name\":\"id\",\"type\":\"long\"}]}";
    private static final String ONE_SPACED = ONE.replace(",", ", ");
    private static final String TWO =
            "{\"type\":\"record\",\"name\":\"t\",\"fields\":[{\"name\":\"id\",\"type\":\"long\"},"
                    + "{\"name\":\"note\",\"type\":[\"null\",\"string\"],\"default\":null}]}";
    private static final String INCOMPATIBLE =
            "{\"type\":\"record\",\"name\":\"t\",\"fields\":[{\"name\":\"id\",\"type\":\"boolean\"}]}";
    private static final SchemaId SCHEMA = SchemaId.builder()
            .registryName("millrace")
            .schemaName("db.public.t")
            .build();

    @TempDir
    private Path data;

    private HttpServer server;
    private GlueClient glue;

    @BeforeEach
    void start() throws Exception {
        server = serve();
        glue = connect(server);
    }

    @AfterEach
    void stop() {
        glue.close();
        server.stop(0);
    }

    @Test
    void anUnknownSchemaAndAnUnknownVersionAreToldApart() {
        assertThatThrownBy(() -> byDefinition(ONE))
                .isInstanceOf(EntityNotFoundException.class)
                .hasMessageContaining("Schema is not found.");
        createSchema(Compatibility.BACKWARD);

        assertThatThrownBy(() -> byDefinition(TWO))
                .isInstanceOf(EntityNotFoundException.class)
                .hasMessageContaining("Schema version is not found.");
    }

    @Test
    void aVersionIsFoundByItsDefinitionAndByItsId() {
        CreateSchemaResponse created = createSchema(Compatibility.BACKWARD);

        assertThat(created.schemaVersionStatus()).isEqualTo(SchemaVersionStatus.AVAILABLE);
        assertThat(byDefinition(ONE_SPACED)).isEqualTo(created.schemaVersionId());
        assertThat(glue.getSchemaVersion(request -> request.schemaVersionId(created.schemaVersionId()))
                        .schemaDefinition())
                .isEqualTo(ONE);
    }

    @Test
    void theSameDefinitionKeepsItsId() {
        CreateSchemaResponse created = createSchema(Compatibility.BACKWARD);

        RegisterSchemaVersionResponse again = register(ONE_SPACED);

        assertThat(again.schemaVersionId()).isEqualTo(created.schemaVersionId());
        assertThat(again.versionNumber()).isEqualTo(1);
    }

    @Test
    void aCompatibleVersionFollows() {
        createSchema(Compatibility.FULL_ALL);

        RegisterSchemaVersionResponse second = register(TWO);

        assertThat(second.status()).isEqualTo(SchemaVersionStatus.AVAILABLE);
        assertThat(second.versionNumber()).isEqualTo(2);
        assertThat(glue.getSchema(request -> request.schemaId(SCHEMA)).latestSchemaVersion())
                .isEqualTo(2);
    }

    @Test
    void anIncompatibleVersionFailsAndStaysReadable() {
        createSchema(Compatibility.BACKWARD);

        RegisterSchemaVersionResponse refused = register(INCOMPATIBLE);

        assertThat(refused.status()).isEqualTo(SchemaVersionStatus.FAILURE);
        assertThat(glue.getSchemaVersion(request -> request.schemaVersionId(refused.schemaVersionId()))
                        .status())
                .isEqualTo(SchemaVersionStatus.FAILURE);
        assertThat(glue.getSchemaVersion(request ->
                                request.schemaId(SCHEMA).schemaVersionNumber(number -> number.latestVersion(true)))
                        .schemaDefinition())
                .isEqualTo(ONE);
    }

    @Test
    void disabledRefusesASecondVersion() {
        createSchema(Compatibility.DISABLED);

        assertThatThrownBy(() -> register(TWO)).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void whatIsNotAvroIsRefused() {
        assertThatThrownBy(() -> glue.createSchema(request -> request.registryId(id -> id.registryName("millrace"))
                        .schemaName("x")
                        .dataFormat(DataFormat.AVRO)
                        .compatibility(Compatibility.NONE)
                        .schemaDefinition("{\"type\":\"nonsense\"}")))
                .isInstanceOf(InvalidInputException.class);
        assertThat(glue.checkSchemaVersionValidity(request ->
                                request.dataFormat(DataFormat.AVRO).schemaDefinition("{\"type\":\"nonsense\"}"))
                        .valid())
                .isFalse();
    }

    @Test
    void namesAreTakenOnce() {
        createSchema(Compatibility.NONE);

        assertThatThrownBy(() -> createSchema(Compatibility.NONE)).isInstanceOf(AlreadyExistsException.class);
        assertThatThrownBy(() -> glue.createRegistry(request -> request.registryName("millrace")))
                .isInstanceOf(AlreadyExistsException.class);
    }

    @Test
    void aSchemaNeedsItsRegistry() {
        assertThatThrownBy(() -> glue.createSchema(request -> request.registryId(id -> id.registryName("elsewhere"))
                        .schemaName("x")
                        .dataFormat(DataFormat.AVRO)
                        .compatibility(Compatibility.NONE)
                        .schemaDefinition(ONE)))
                .isInstanceOf(EntityNotFoundException.class);

        assertThat(glue.getRegistry(request -> request.registryId(id -> id.registryName("millrace")))
                        .registryName())
                .isEqualTo("millrace");
    }

    @Test
    void metadataAndTagsAreKept() {
        CreateSchemaResponse created = createSchema(Compatibility.BACKWARD);
        String id = created.schemaVersionId();

        glue.putSchemaVersionMetadata(request -> request.schemaVersionId(id)
                .metadataKeyValue(pair -> pair.metadataKey("writer").metadataValue("capture")));

        assertThat(glue.querySchemaVersionMetadata(request -> request.schemaVersionId(id))
                        .metadataInfoMap())
                .hasEntrySatisfying(
                        "writer", info -> assertThat(info.metadataValue()).isEqualTo("capture"));
        assertThat(glue.getTags(request -> request.resourceArn(created.schemaArn()))
                        .tags())
                .containsEntry("team", "support");
    }

    @Test
    void schemasAreListedPageByPage() {
        for (int i = 0; i < 5; i++) {
            String name = "s" + i;
            glue.createSchema(request -> request.registryId(id -> id.registryName("millrace"))
                    .schemaName(name)
                    .dataFormat(DataFormat.AVRO)
                    .compatibility(Compatibility.NONE)
                    .schemaDefinition(ONE));
        }

        assertThat(glue.listSchemasPaginator(request -> request.registryId(id -> id.registryName("millrace"))
                                .maxResults(2))
                        .schemas())
                .extracting(SchemaListItem::schemaName)
                .containsExactly("s0", "s1", "s2", "s3", "s4");
    }

    @Test
    void everythingIsThereAfterARestart() throws Exception {
        createSchema(Compatibility.BACKWARD);
        String second = register(TWO).schemaVersionId();
        stop();

        server = serve();
        glue = connect(server);

        assertThat(byDefinition(TWO)).isEqualTo(second);
        assertThat(register(INCOMPATIBLE).status()).isEqualTo(SchemaVersionStatus.FAILURE);
    }

    @Test
    void anUnknownIdIsNotFound() {
        String id = new UUID(1, 2).toString();

        assertThatThrownBy(() -> glue.getSchemaVersion(request -> request.schemaVersionId(id)))
                .isInstanceOf(EntityNotFoundException.class);
    }

    private HttpServer serve() throws Exception {
        Registry registry = new Registry(new RegistryFiles(data), Clock.systemUTC());
        registry.ensureRegistry("millrace");
        return RegistryServer.listen(registry, 0);
    }

    private static GlueClient connect(HttpServer server) {
        return GlueClient.builder()
                .endpointOverride(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("millrace", "millrace-local")))
                .build();
    }

    private CreateSchemaResponse createSchema(Compatibility compatibility) {
        return glue.createSchema(request -> request.registryId(id -> id.registryName("millrace"))
                .schemaName("db.public.t")
                .dataFormat(DataFormat.AVRO)
                .compatibility(compatibility)
                .schemaDefinition(ONE)
                .tags(Map.of("team", "support")));
    }

    private RegisterSchemaVersionResponse register(String definition) {
        return glue.registerSchemaVersion(request -> request.schemaId(SCHEMA).schemaDefinition(definition));
    }

    private String byDefinition(String definition) {
        return glue.getSchemaByDefinition(request -> request.schemaId(SCHEMA).schemaDefinition(definition))
                .schemaVersionId();
    }
}
