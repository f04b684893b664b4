package io.millrace.iceberg.write;

import io.millrace.iceberg.commit.FileDeletes;
import io.millrace.iceberg.index.DataFileRef;
import io.millrace.iceberg.index.FileTable;
import io.millrace.iceberg.index.RowLocation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** Rows whose keys have got a newer row, or none, since the last report. */
final class DeletedRows<K> {
    private final TypeSerializer<K> keySerializer;
    private final DataOutputSerializer keyBytes = new DataOutputSerializer(64);
    private final Map<DataFileRef, List<DeletedRow>> byFile = new LinkedHashMap<>();

    DeletedRows(TypeSerializer<K> keySerializer) {
        this.keySerializer = keySerializer;
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record DeletedRow(long position, byte[] key) {}

    void add(FileTable.Entry file, RowLocation location, K key) {
        // Nobody can have rewritten a file that is not reported yet, so its rows are never looked for by key.
        byte[] serialized = file.checkpoint() == FileTable.UNREPORTED ? new byte[0] : serialize(key);
        byFile.computeIfAbsent(file.file(), created -> new ArrayList<>())
                .add(new DeletedRow(location.position(), serialized));
    }

    private byte[] serialize(K key) {
        keyBytes.clear();
        try {
            keySerializer.serialize(key, keyBytes);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot serialize a row's key", e);
        }
        return keyBytes.getCopyOfBuffer();
    }

    /** Hands out everything, by file and position, and forgets it. */
    List<FileDeletes> drain() {
        List<FileDeletes> drained = new ArrayList<>(byFile.size());
        byFile.forEach((file, rows) -> {
            rows.sort(Comparator.comparingLong(DeletedRow::position));
            long[] positions = new long[rows.size()];
            DataOutputSerializer keys = new DataOutputSerializer(Math.max(1, 16 * rows.size()));
            for (int i = 0; i < positions.length; i++) {
                positions[i] = rows.get(i).position();
                try {
                    keys.write(rows.get(i).key());
                } catch (IOException e) {
                    throw new UncheckedIOException("Cannot gather the keys of deleted rows", e);
                }
            }
            drained.add(new FileDeletes(file, positions, keys.getCopyOfBuffer()));
        });
        byFile.clear();
        return drained;
    }
}
