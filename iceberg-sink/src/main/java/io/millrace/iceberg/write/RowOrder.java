package io.millrace.iceberg.write;

import io.millrace.iceberg.table.ArrayRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Comparators;
import org.apache.iceberg.types.Types;

/**
 * Brings the rows of a flush into the order in which they are written: partition by partition, so that few files are open
 * at once, and by key within a partition, so that the key's statistics and encoding are good.
 *
 * @param <K> the rows' keys in the stream
 */
final class RowOrder<K> {
    private final PartitionKey partition;
    private final boolean partitioned;
    private final Comparator<Ticket<K>> byKey;
    private final Map<PartitionKey, List<Ticket<K>>> partitions = new HashMap<>();

    RowOrder(PartitionSpec spec, Schema schema, List<String> keyColumns) {
        this.partition = new PartitionKey(spec, schema);
        this.partitioned = spec.isPartitioned();
        Comparator<Ticket<K>> comparator = (left, right) -> 0;
        for (String column : keyColumns) {
            Types.NestedField field = schema.findField(column);
            int place = schema.columns().indexOf(field);
            if (field != null && place >= 0 && field.type().isPrimitiveType()) {
                Comparator<Object> values = Comparators.forType(field.type().asPrimitiveType());
                comparator = comparator.thenComparing(ticket -> ticket.row().values()[place], values);
            }
        }
        this.byKey = comparator;
    }

    /** A row and its key. */
    record Ticket<K>(K key, ArrayRow row) {}

    /** Takes the rows of a partition, in the order of their key columns. */
    @FunctionalInterface
    interface PartitionConsumer<K> {
        void accept(PartitionKey partition, List<Ticket<K>> rows);
    }

    void add(K key, ArrayRow row) {
        if (partitioned) {
            partition.partition(row);
        }
        List<Ticket<K>> rows = partitions.get(partition);
        if (rows == null) {
            rows = new ArrayList<>();
            partitions.put(partition.copy(), rows);
        }
        rows.add(new Ticket<>(key, row));
    }

    void forEach(PartitionConsumer<K> consumer) {
        partitions.forEach((key, rows) -> {
            rows.sort(byKey);
            consumer.accept(key, rows);
        });
    }
}
