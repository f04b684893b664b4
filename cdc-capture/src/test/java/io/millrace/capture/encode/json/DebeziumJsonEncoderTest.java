package io.millrace.capture.encode.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.capture.encode.SourceChange;
import io.millrace.capture.publish.StreamRecord;
import io.millrace.schemas.event.TableId;
import java.io.IOException;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.Test;

class DebeziumJsonEncoderTest {
    private static final Schema ROW =
            SchemaBuilder.struct().optional().field("id", Schema.INT64_SCHEMA).build();
    private static final Schema ENVELOPE = SchemaBuilder.struct()
            .field("after", ROW)
            .field("op", Schema.STRING_SCHEMA)
            .build();

    @Test
    void envelopeIsWrittenWithOrWithoutItsSchema() throws IOException {
        assertThat(encode(false)).isEqualTo(new ObjectMapper().readTree("{\"after\":{\"id\":7},\"op\":\"c\"}"));
        assertThat(encode(true).at("/payload")).isEqualTo(encode(false));
        assertThat(encode(true).at("/schema/fields/0/field").asText()).isEqualTo("after");
    }

    private static JsonNode encode(boolean inlineSchema) throws IOException {
        Struct envelope =
                new Struct(ENVELOPE).put("after", new Struct(ROW).put("id", 7L)).put("op", "c");
        Struct key = new Struct(SchemaBuilder.struct().field("id", Schema.INT64_SCHEMA)).put("id", 7L);
        StreamRecord record = new DebeziumJsonEncoder(inlineSchema)
                .encode(new SourceChange(new TableId("shop", "public", "item"), key, envelope))
                .get(0);
        assertThat(record.partitionKey()).isEqualTo("shop.public.item|7");
        return new ObjectMapper().readTree(record.data());
    }
}
