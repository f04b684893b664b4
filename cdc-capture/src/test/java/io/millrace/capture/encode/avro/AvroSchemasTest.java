package io.millrace.capture.encode.avro;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.Test;

class AvroSchemasTest {
    private static final org.apache.kafka.connect.data.Schema ROW = SchemaBuilder.struct()
            .name("my-shop.public.Items.Value")
            .optional()
            .field("id", org.apache.kafka.connect.data.Schema.INT16_SCHEMA)
            .field("größe cm", org.apache.kafka.connect.data.Schema.OPTIONAL_FLOAT64_SCHEMA)
            .field(
                    "price",
                    Decimal.builder(2)
                            .parameter("connect.decimal.precision", "8")
                            .optional()
                            .build())
            .field(
                    "made",
                    SchemaBuilder.int32()
                            .name("io.debezium.time.Date")
                            .version(1)
                            .build())
            .field(
                    "state",
                    SchemaBuilder.string().optional().defaultValue("new").build())
            .field("raw", org.apache.kafka.connect.data.Schema.OPTIONAL_BYTES_SCHEMA)
            .field(
                    "tags",
                    SchemaBuilder.array(org.apache.kafka.connect.data.Schema.OPTIONAL_STRING_SCHEMA)
                            .optional()
                            .build())
            .build();
    private static final org.apache.kafka.connect.data.Schema ENVELOPE = SchemaBuilder.struct()
            .name("my-shop.public.Items.Envelope")
            .field("before", ROW)
            .field("after", ROW)
            .field("op", org.apache.kafka.connect.data.Schema.STRING_SCHEMA)
            .build();

    @Test
    void valuesComeBackAsPlainAvroReadsThem() throws IOException {
        Struct row = new Struct(ROW)
                .put("id", (short) 7)
                .put("größe cm", 1.5)
                .put("price", new BigDecimal("-12.34"))
                .put("made", 19000)
                .put("raw", ByteBuffer.wrap(new byte[] {1, 2}))
                .put("tags", Arrays.asList("a", null));
        GenericRecord after = (GenericRecord)
                writtenAndRead(new Struct(ENVELOPE).put("after", row).put("op", "c"))
                        .get("after");
        assertThat(after.get("id")).isEqualTo(7);
        assertThat(after.get("gr_u00f6_u00dfe_u0020cm")).isEqualTo(1.5);
        assertThat(new BigDecimal(new java.math.BigInteger(((ByteBuffer) after.get("price")).array()), 2))
                .isEqualTo(new BigDecimal("-12.34"));
        assertThat(after.get("made")).isEqualTo(19000);
        assertThat(after.get("raw")).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2}));
        assertThat(((List<?>) after.get("tags")).stream().map(String::valueOf).toList())
                .containsExactly("a", "null");
    }

    @Test
    void nullStaysNullWhereTheColumnHasADefault() throws IOException {
        Struct row = new Struct(ROW).put("id", (short) 7).put("made", 1).put("state", null);
        GenericRecord after = (GenericRecord)
                writtenAndRead(new Struct(ENVELOPE).put("after", row).put("op", "c"))
                        .get("after");
        assertThat(after.get("state")).isNull();
    }

    @Test
    void schemaKeepsWhatConnectKnows() {
        Schema row =
                AvroSchemas.of(ENVELOPE).getField("after").schema().getTypes().get(1);
        assertThat(row.getFullName()).isEqualTo("my_u002dshop.public.Items.Value");
        assertThat(row.getProp("connect.name")).isEqualTo("my-shop.public.Items.Value");
        assertThat(row.getField("id").schema().getProp("connect.type")).isEqualTo("int16");
        assertThat(row.getField("gr_u00f6_u00dfe_u0020cm").getProp(AvroSchemas.FIELD_NAME))
                .isEqualTo("größe cm");
        assertThat(row.getField("made").schema().getProp("connect.name")).isEqualTo("io.debezium.time.Date");
        Schema price = row.getField("price").schema().getTypes().get(1);
        assertThat(price.getLogicalType().getName()).isEqualTo("decimal");
        assertThat(price.getObjectProps())
                .containsEntry("scale", 2)
                .containsEntry("precision", 8)
                .containsEntry("connect.name", "org.apache.kafka.connect.data.Decimal")
                .containsEntry("connect.parameters", Map.of("scale", "2", "connect.decimal.precision", "8"));
    }

    @Test
    void schemaSurvivesItsText() {
        Schema schema = AvroSchemas.of(ENVELOPE);
        assertThat(new Schema.Parser().parse(schema.toString())).isEqualTo(schema);
    }

    @Test
    void addedColumnWithDefaultReadsEarlierRows() {
        SchemaBuilder wider =
                SchemaBuilder.struct().name("my-shop.public.Items.Value").optional();
        ROW.fields().forEach(field -> wider.field(field.name(), field.schema()));
        wider.field("count", SchemaBuilder.int64().defaultValue(5L).build());
        wider.field("note", org.apache.kafka.connect.data.Schema.OPTIONAL_STRING_SCHEMA);
        org.apache.kafka.connect.data.Schema after = wider.build();
        Schema later = AvroSchemas.of(SchemaBuilder.struct()
                .name("my-shop.public.Items.Envelope")
                .field("before", after)
                .field("after", after)
                .field("op", org.apache.kafka.connect.data.Schema.STRING_SCHEMA)
                .build());
        assertThat(SchemaCompatibility.checkReaderWriterCompatibility(later, AvroSchemas.of(ENVELOPE))
                        .getType())
                .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
    }

    @Test
    void namesThatAvroForbidsAreSpelled() {
        assertThat(AvroSchemas.spell("9a-b")).isEqualTo("_u0039a_u002db");
        assertThat(AvroSchemas.spell("plain_1")).isEqualTo("plain_1");
    }

    private static GenericRecord writtenAndRead(Struct envelope) throws IOException {
        Schema schema = AvroSchemas.of(envelope.schema());
        byte[] bytes = new AvroWriter().write(envelope.schema(), envelope);
        GenericDatumReader<GenericRecord> reader = new GenericDatumReader<>(schema, schema, new GenericData());
        return reader.read(null, DecoderFactory.get().binaryDecoder(bytes, null));
    }
}
