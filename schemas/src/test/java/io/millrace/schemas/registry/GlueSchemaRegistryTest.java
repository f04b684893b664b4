package io.millrace.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.pipeline.Connections;
import io.millrace.schemas.pipeline.Connections.SchemaRegistry.Compatibility;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

class GlueSchemaRegistryTest {
    private static final Schema SCHEMA =
            SchemaBuilder.record("Row").fields().requiredInt("id").endRecord();
    private static final Schema WIDER = SchemaBuilder.record("Row")
            .fields()
            .requiredInt("id")
            .optionalInt("more")
            .endRecord();
    private static final Schema REFUSED =
            SchemaBuilder.record("Row").doc("incompatible").fields().endRecord();

    private final AtomicLong nanos = new AtomicLong();
    private GlueStub glue;
    private GlueSchemaRegistry registry;

    @BeforeEach
    void connect() throws IOException {
        glue = new GlueStub();
        registry = connect(Compatibility.BACKWARD);
    }

    @AfterEach
    void stop() {
        glue.close();
    }

    @Test
    void registeredSchemaIsFoundByItsIdInAnotherProcess() {
        UUID id = registry.register("logistics.public.shipments", SCHEMA);

        assertThat(connect(Compatibility.BACKWARD).schema(id)).isEqualTo(SCHEMA);
    }

    @Test
    void schemaIsCreatedBackwardCompatible() {
        registry.register("logistics.public.shipments", SCHEMA);

        assertThat(glue.calls).containsExactly("GetSchemaByDefinition", "CreateSchema");
        assertThat(glue.compatibilities).containsExactly("BACKWARD");
    }

    @Test
    void compatibilityComesFromTheConnection() {
        connect(Compatibility.FULL_ALL).register("logistics.public.shipments", SCHEMA);

        assertThat(glue.compatibilities).containsExactly("FULL_ALL");
    }

    @Test
    void secondVersionIsRegisteredUnderTheSameName() {
        UUID first = registry.register("t", SCHEMA);

        assertThat(registry.register("t", WIDER)).isNotEqualTo(first);
        assertThat(glue.calls).endsWith("GetSchemaByDefinition", "RegisterSchemaVersion");
    }

    @Test
    void registeringAgainCallsNothing() {
        UUID id = registry.register("t", SCHEMA);
        glue.calls.clear();

        assertThat(registry.register("t", new Schema.Parser().parse(SCHEMA.toString())))
                .isEqualTo(id);
        assertThat(glue.calls).isEmpty();
    }

    @Test
    void registeringWhatAnotherProcessRegisteredOnlyLooksItUp() {
        UUID id = registry.register("t", SCHEMA);
        glue.calls.clear();

        assertThat(connect(Compatibility.BACKWARD).register("t", SCHEMA)).isEqualTo(id);
        assertThat(glue.calls).containsExactly("GetSchemaByDefinition");
    }

    @Test
    void schemaIsFetchedOnce() {
        UUID id = glue.put("t", SCHEMA.toString());

        registry.schema(id);
        registry.schema(id);

        assertThat(glue.calls).containsExactly("GetSchemaVersion");
    }

    @Test
    void incompatibleVersionIsRefused() {
        registry.register("t", SCHEMA);

        assertThatThrownBy(() -> registry.register("t", REFUSED))
                .isInstanceOf(IncompatibleSchemaException.class)
                .hasMessageStartingWith("Cannot register schema: t.");
    }

    @Test
    void incompatibleVersionIsRefusedAgainWhenTriedAgain() {
        glue.put("t", SCHEMA.toString());
        glue.put("t", REFUSED.toString());

        assertThatThrownBy(() -> registry.register("t", REFUSED)).isInstanceOf(IncompatibleSchemaException.class);
    }

    @Test
    void unknownIdIsTold() {
        UUID id = UUID.fromString("00000000-0000-0000-0000-000000000001");

        assertThatThrownBy(() -> registry.schema(id))
                .isInstanceOfSatisfying(
                        UnknownSchemaException.class, e -> assertThat(e.id()).isEqualTo(id));
    }

    @Test
    void unknownIdIsAskedForOnceInTenSeconds() {
        UUID id = UUID.nameUUIDFromBytes(new byte[] {1});
        assertThatThrownBy(() -> registry.schema(id)).isInstanceOf(UnknownSchemaException.class);
        nanos.addAndGet(9_000_000_000L);
        assertThatThrownBy(() -> registry.schema(id)).isInstanceOf(UnknownSchemaException.class);
        assertThat(glue.calls).hasSize(1);
        nanos.addAndGet(2_000_000_000L);

        assertThatThrownBy(() -> registry.schema(id)).isInstanceOf(UnknownSchemaException.class);

        assertThat(glue.calls).hasSize(2);
    }

    @Test
    void schemaOfAnotherFormatIsUnusable() {
        UUID id = glue.put("t", "syntax = \"proto3\";");

        assertThatThrownBy(() -> registry.schema(id)).isInstanceOf(UnusableSchemaException.class);
    }

    @Test
    void namesAndDefaultsThatAvroWouldNotTakeDoNotMatter() {
        UUID id = glue.put("t", """
                {"type": "record", "name": "Value", "namespace": "my-source.public.t",
                 "fields": [{"name": "order-id", "type": "int", "default": "none"}]}
                """);

        assertThat(registry.schema(id).getField("order-id")).isNotNull();
    }

    @Test
    void unreachableRegistryMayBeTriedAgain() {
        glue.close();

        assertThatThrownBy(() -> registry.schema(UUID.nameUUIDFromBytes(new byte[0])))
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining("from registry millrace at http://127.0.0.1:");
        assertThatThrownBy(() -> registry.register("t", SCHEMA))
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageStartingWith("Cannot register schema: t with registry millrace");
    }

    private GlueSchemaRegistry connect(Compatibility compatibility) {
        return GlueSchemaRegistry.connect(
                new Connections.SchemaRegistry("us-east-1", glue.address(), "millrace", compatibility),
                StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")),
                nanos::get);
    }
}
