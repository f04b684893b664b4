package io.millrace.capture.encode;

import io.millrace.capture.storage.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** The partition key of a row: its table and its key values as text, the same for every change of the row. */
public final class PartitionKeys {
    /** Kinesis's limit. */
    private static final int MAX_LENGTH = 256;

    private PartitionKeys() {}

    /**
     * The partition key of a row.
     *
     * @param table the table's full name
     * @param key Debezium's key; null for changes of the table as a whole
     */
    public static String of(String table, @Nullable Struct key) {
        if (key == null) {
            return shortened(table);
        }
        return shortened(key.schema().fields().stream()
                .map(field -> text(key, field))
                .collect(Collectors.joining("|", table + "|", "")));
    }

    private static String text(Struct key, Field field) {
        Object value = key.get(field);
        if (value instanceof byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        }
        if (value instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            return HexFormat.of().formatHex(bytes);
        }
        return String.valueOf(value);
    }

    private static String shortened(String text) {
        return text.length() <= MAX_LENGTH ? text : Digest.sha256(text.getBytes(StandardCharsets.UTF_8));
    }
}
