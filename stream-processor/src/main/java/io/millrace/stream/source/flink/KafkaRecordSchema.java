package io.millrace.stream.source.flink;

import io.millrace.schemas.decode.RawRecord;
import io.millrace.stream.wire.WireFormat;
import io.millrace.stream.wire.flink.WireType;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Takes Kafka's records as they are. One without a value is passed over: it tells Kafka's own compaction that a key is gone,
 * and the change that says so to everybody else, the delete, stands before it.
 */
final class KafkaRecordSchema implements KafkaRecordDeserializationSchema<RawRecord> {
    private static final long serialVersionUID = 1L;

    private final String source;

    KafkaRecordSchema(String source) {
        this.source = source;
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<RawRecord> out) {
        if (record.value() != null) {
            out.collect(new RawRecord(
                    source,
                    record.topic(),
                    Integer.toString(record.partition()),
                    Long.toString(record.offset()),
                    text(record.key()),
                    record.timestamp(),
                    record.value()));
        }
    }

    /** The key, which is text or, from other producers, anything: in hex then. */
    private static @Nullable String text(byte @Nullable [] key) {
        if (key == null) {
            return null;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(key))
                    .toString();
        } catch (CharacterCodingException binary) {
            return HexFormat.of().formatHex(key);
        }
    }

    @Override
    public TypeInformation<RawRecord> getProducedType() {
        return WireType.of(WireFormat.RAW_RECORD);
    }
}
