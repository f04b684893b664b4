package io.millrace.schemas.decode;

import io.millrace.schemas.event.TableId;
import io.millrace.schemas.pipeline.Quality;
import io.millrace.schemas.pipeline.TableRoute;
import io.millrace.schemas.registry.GlueFrame;
import io.millrace.schemas.registry.GlueFrame.Compression;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/** Envelopes of the table {@code golden.public.t} around columns of the test's choice, written by Avro itself. */
final class TestEnvelope {
    static final TableId TABLE = new TableId("golden", "public", "t");

    final FakeRegistry registry = new FakeRegistry();
    final Schema schema;
    private final UUID id;

    /**
     * An envelope's schema.
     *
     * @param columns the row's fields in JSON, separated by commas
     */
    TestEnvelope(String columns) {
        schema = new Schema.Parser()
                .parse(GoldenRecords.resource("/avro/envelope.avsc").replace("\"COLUMNS\"", columns));
        id = registry.register("t", schema);
    }

    DebeziumAvroDecoder decoder(String... key) {
        return new DebeziumAvroDecoder(List.of(new TableRoute(TABLE, List.of(key), null, null)), registry);
    }

    DebeziumAvroDecoder decoderThatTruncates() {
        return new DebeziumAvroDecoder(
                List.of(new TableRoute(
                        TABLE,
                        List.of("id"),
                        Map.of(),
                        null,
                        null,
                        Map.of(),
                        Quality.NONE,
                        TableRoute.OnTruncate.APPLY)),
                registry);
    }

    Schema rowSchema() {
        return AvroShapes.present(schema.getField("after").schema());
    }

    GenericRecord row(Map<String, ?> values) {
        GenericRecordBuilder row = new GenericRecordBuilder(rowSchema());
        values.forEach(row::set);
        return row.build();
    }

    RawRecord record(String operation, @Nullable GenericRecord before, @Nullable GenericRecord after) {
        return record(operation, before, after, "[\"7\",\"42\"]");
    }

    RawRecord record(
            String operation,
            @Nullable GenericRecord before,
            @Nullable GenericRecord after,
            @Nullable String sequence) {
        GenericRecord source = new GenericRecordBuilder(
                        schema.getField("source").schema())
                .set("schema", "public")
                .set("table", "t")
                .set("sequence", sequence)
                .set("lsn", 42L)
                .set("ts_us", 1_700_000_000_000_000L)
                .build();
        GenericRecord envelope = new GenericRecordBuilder(schema)
                .set("before", before)
                .set("after", after)
                .set("source", source)
                .set("op", operation)
                .build();
        return GoldenRecords.raw(GlueFrame.write(id, write(schema, envelope), Compression.NONE));
    }

    static byte[] write(Schema schema, Object value) {
        try {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(body, null);
            new GenericDatumWriter<>(schema).write(value, encoder);
            encoder.flush();
            return body.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
