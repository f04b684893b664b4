package io.millrace.capture.publish.kinesis;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import io.millrace.capture.publish.StreamRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Several records of one shard packed into one Kinesis record, in the Kinesis Producer Library's format, which consumers
 * such as Flink's and the KCL unpack by themselves.
 *
 * <pre>
 * F3 89 9A C2 | AggregatedRecord | MD5 of AggregatedRecord, 16 bytes
 *
 * message AggregatedRecord { repeated string partition_key_table = 1; repeated Record records = 3; }
 * message Record           { required uint64 partition_key_index = 1; required bytes data = 3; }
 * </pre>
 *
 * <p>Consumers drop records whose partition key hashes outside of the shard that the aggregate came from: all records of an
 * aggregate must belong to its shard.
 *
 * @see <a href="https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md">Aggregation format</a>
 */
final class Aggregate {
    private static final byte[] MAGIC = {(byte) 0xF3, (byte) 0x89, (byte) 0x9A, (byte) 0xC2};
    private static final int MD5_BYTES = 16;
    private static final int KEY_TABLE_FIELD = 1;
    private static final int RECORDS_FIELD = 3;
    private static final int KEY_INDEX_FIELD = 1;
    private static final int DATA_FIELD = 3;

    private final Map<String, Integer> keys = new LinkedHashMap<>();
    private final List<StreamRecord> records = new ArrayList<>();
    private int messageBytes;

    /** How long the aggregate gets if this record joins it. */
    int sizeWith(StreamRecord record) {
        return MAGIC.length + messageBytes + growth(record) + MD5_BYTES;
    }

    void add(StreamRecord record) {
        messageBytes += growth(record);
        keys.putIfAbsent(record.partitionKey(), keys.size());
        records.add(record);
    }

    List<StreamRecord> records() {
        return records;
    }

    /** The length of {@link #encode()}, but for the few bytes of packing that a single record does without. */
    int bytes() {
        return MAGIC.length + messageBytes + MD5_BYTES;
    }

    /** The Kinesis record's bytes: the one record's own if there is only one, else the packed records. */
    byte[] encode() {
        if (records.size() == 1) {
            return records.get(0).data();
        }
        byte[] bytes = new byte[MAGIC.length + messageBytes + MD5_BYTES];
        System.arraycopy(MAGIC, 0, bytes, 0, MAGIC.length);
        CodedOutputStream message = CodedOutputStream.newInstance(bytes, MAGIC.length, messageBytes);
        try {
            for (String key : keys.keySet()) {
                message.writeString(KEY_TABLE_FIELD, key);
            }
            for (StreamRecord record : records) {
                int index = keyIndex(record);
                message.writeTag(RECORDS_FIELD, 2);
                message.writeUInt32NoTag(recordBytes(index, record));
                message.writeUInt64(KEY_INDEX_FIELD, index);
                message.writeBytes(DATA_FIELD, bytesOf(record));
            }
            message.checkNoSpaceLeft();
        } catch (IOException e) {
            throw new IllegalStateException("Cannot pack " + records.size() + " records", e);
        }
        MessageDigest md5 = HashKey.md5();
        md5.update(bytes, MAGIC.length, messageBytes);
        ByteBuffer.wrap(bytes).position(MAGIC.length + messageBytes).put(md5.digest());
        return bytes;
    }

    private int growth(StreamRecord record) {
        Integer known = keys.get(record.partitionKey());
        int index = known == null ? keys.size() : known;
        int length = recordBytes(index, record);
        int growth = CodedOutputStream.computeTagSize(RECORDS_FIELD)
                + CodedOutputStream.computeUInt32SizeNoTag(length)
                + length;
        return known == null
                ? growth + CodedOutputStream.computeStringSize(KEY_TABLE_FIELD, record.partitionKey())
                : growth;
    }

    private static int recordBytes(int index, StreamRecord record) {
        return CodedOutputStream.computeUInt64Size(KEY_INDEX_FIELD, index)
                + CodedOutputStream.computeBytesSize(DATA_FIELD, bytesOf(record));
    }

    private int keyIndex(StreamRecord record) {
        Integer index = keys.get(record.partitionKey());
        if (index == null) {
            throw new IllegalStateException("Cannot find the partition key of a record of the aggregate");
        }
        return index;
    }

    private static ByteString bytesOf(StreamRecord record) {
        return UnsafeByteOperations.unsafeWrap(record.data());
    }
}
