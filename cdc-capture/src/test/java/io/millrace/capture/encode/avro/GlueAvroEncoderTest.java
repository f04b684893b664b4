package io.millrace.capture.encode.avro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.capture.encode.SourceChange;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.registry.IncompatibleSchemaException;
import io.millrace.schemas.registry.SchemaRegistry;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.avro.SchemaValidationException;
import org.apache.avro.SchemaValidatorBuilder;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.Test;

/** Under which name of the registry a table's schemas are. */
class GlueAvroEncoderTest {
    private final BackwardRegistry registry = new BackwardRegistry();
    private final GlueAvroEncoder encoder = new GlueAvroEncoder(registry);

    @Test
    void compatibleSchemaIsTheNextVersionOfItsName() {
        encode(Schema.INT32_SCHEMA, 1);
        encode(Schema.INT64_SCHEMA, 1L);

        assertThat(registry.byName).containsOnlyKeys("shop.public.item");
    }

    @Test
    void incompatibleSchemaIsTheFirstVersionOfTheNextGeneration() {
        encode(Schema.INT32_SCHEMA, 1);
        encode(Schema.STRING_SCHEMA, "1");
        encode(Schema.BOOLEAN_SCHEMA, true);
        encode(Schema.INT32_SCHEMA, 1);

        assertThat(registry.byName).containsOnlyKeys("shop.public.item", "shop.public.item-2", "shop.public.item-3");
    }

    @Test
    void keyColumnsStandInTheSchema() {
        encode(Schema.INT32_SCHEMA, 1);

        assertThat(Objects.requireNonNull(registry.byName.get("shop.public.item"))
                        .getObjectProp("millrace.key"))
                .isEqualTo(List.of("id"));
    }

    @Test
    void registryThatRefusesEverythingIsTold() {
        registry.closed = true;

        assertThatThrownBy(() -> encode(Schema.INT32_SCHEMA, 1))
                .isInstanceOf(IncompatibleSchemaException.class)
                .hasMessageStartingWith("Cannot register schema: shop.public.item.");
    }

    private void encode(Schema type, Object value) {
        Schema schema = SchemaBuilder.struct().name("Value").field("id", type).build();
        Schema key = SchemaBuilder.struct().field("id", type).build();
        encoder.encode(new SourceChange(
                new TableId("shop", "public", "item"),
                new Struct(key).put("id", value),
                new Struct(schema).put("id", value)));
    }

    /** Compares a schema with the last one of its name, with Avro's own checker. */
    private static final class BackwardRegistry implements SchemaRegistry {
        private final Map<String, org.apache.avro.Schema> byName = new LinkedHashMap<>();
        private boolean closed;

        @Override
        public UUID register(String name, org.apache.avro.Schema schema) {
            org.apache.avro.Schema last = byName.get(name);
            try {
                if (closed) {
                    throw new SchemaValidationException(schema, schema);
                }
                if (last != null) {
                    new SchemaValidatorBuilder()
                            .canReadStrategy()
                            .validateLatest()
                            .validate(schema, List.of(last));
                }
            } catch (SchemaValidationException e) {
                throw new IncompatibleSchemaException(name, e);
            }
            byName.put(name, schema);
            return UUID.nameUUIDFromBytes((name + schema).getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public org.apache.avro.Schema schema(UUID id) {
            throw new UnsupportedOperationException();
        }
    }
}
