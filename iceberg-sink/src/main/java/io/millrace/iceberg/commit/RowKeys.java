package io.millrace.iceberg.commit;

import io.millrace.iceberg.scan.KeyScan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;

/**
 * The stream's keys as the committer meets them: serialized in reports, and as key columns in data files.
 *
 * @param serializer the stream's key serializer
 * @param keyOf a row's key from the values of its key columns
 */
public record RowKeys<K>(TypeSerializer<K> serializer, KeyScan.KeyOf<K> keyOf) {

    void read(FileDeletes deletes, Consumer<K> keys) {
        DataInputDeserializer in = new DataInputDeserializer(deletes.keys());
        try {
            while (in.available() > 0) {
                keys.accept(serializer.deserialize(in));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the keys of deleted rows", e);
        }
    }
}
