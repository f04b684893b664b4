package io.millrace.capture.encode.json;

import io.millrace.capture.encode.ChangeEncoder;
import io.millrace.capture.encode.PartitionKeys;
import io.millrace.capture.encode.SourceChange;
import io.millrace.capture.publish.StreamRecord;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.json.JsonConverterConfig;
import org.apache.kafka.connect.storage.ConverterConfig;
import org.apache.kafka.connect.storage.ConverterType;

/** Writes Debezium's envelopes as Kafka Connect's JSON converter does, with or without the schema in each record. */
public final class DebeziumJsonEncoder implements ChangeEncoder {
    private final JsonConverter converter = new JsonConverter();

    /** An encoder; {@code inlineSchema} says whether each record has its schema. */
    public DebeziumJsonEncoder(boolean inlineSchema) {
        converter.configure(Map.of(
                ConverterConfig.TYPE_CONFIG,
                ConverterType.VALUE.getName(),
                JsonConverterConfig.SCHEMAS_ENABLE_CONFIG,
                inlineSchema));
    }

    @Override
    public List<StreamRecord> encode(SourceChange change) {
        String name = change.table().toString();
        byte[] json = converter.fromConnectData(name, change.envelope().schema(), change.envelope());
        return List.of(new StreamRecord(PartitionKeys.of(name, change.key()), json));
    }
}
