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
 */
final class RowOrder {
    private final PartitionKey partition;
    private final Comparator<ArrayRow> byKey;
    private final Map<PartitionKey, List<Ticket>> partitions = new HashMap<>();

    RowOrder(PartitionSpec spec, Schema schema, List<String> keyColumns) {
        this.partition = new PartitionKey(spec, schema);
        Comparator<ArrayRow> comparator = (left, right) -> 0;
        for (String column : keyColumns) {
            Types.NestedField field = schema.findField(column);
            int place = schema.columns().indexOf(field);
            if (field != null && place >= 0 && field.type().isPrimitiveType()) {
                Comparator<Object> values = Comparators.forType(field.type().asPrimitiveType());
                comparator = comparator.thenComparing(row -> row.values()[place], values);
            }
        }
        this.byKey = comparator;
    }

    private record Ticket(ArrayRow row, int number) {}

    /** Takes a row in the order of its columns. */
    @FunctionalInterface
    interface RowConsumer {
        void accept(PartitionKey partition, ArrayRow row, int number);
    }

    void add(ArrayRow row, int number) {
        partition.partition(row);
        List<Ticket> rows = partitions.get(partition);
        if (rows == null) {
            rows = new ArrayList<>();
            partitions.put(partition.copy(), rows);
        }
        rows.add(new Ticket(row, number));
    }

    void forEach(RowConsumer consumer) {
        partitions.forEach((key, rows) -> {
            rows.sort(Comparator.comparing(Ticket::row, byKey));
            rows.forEach(ticket -> consumer.accept(key, ticket.row(), ticket.number()));
        });
    }
}
