package io.millrace.stream.source.flink;

import io.millrace.schemas.decode.RawRecord;
import io.millrace.stream.wire.WireFormat;
import io.millrace.stream.wire.flink.WireType;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.connectors.kinesis.serialization.KinesisDeserializationSchema;

/**
 * Takes Kinesis's records as they are. The consumer has split aggregates by then, and does not tell a record's place in
 * one: all records of an aggregate have its sequence number.
 */
final class RawRecordSchema implements KinesisDeserializationSchema<RawRecord> {
    private static final long serialVersionUID = 1L;

    private final String source;

    RawRecordSchema(String source) {
        this.source = source;
    }

    @Override
    public RawRecord deserialize(
            byte[] data, String partitionKey, String sequence, long arrivalMillis, String stream, String shard) {
        return new RawRecord(source, stream, shard, sequence, partitionKey, arrivalMillis, data);
    }

    @Override
    public TypeInformation<RawRecord> getProducedType() {
        return WireType.of(WireFormat.RAW_RECORD);
    }
}
