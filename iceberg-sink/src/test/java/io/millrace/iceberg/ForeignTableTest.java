package io.millrace.iceberg;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A table that another sink has written with equality deletes, taken over. */
class ForeignTableTest {
    private static final TableIdentifier ORDERS = TableIdentifier.of("shop", "orders");
    private static final Schema SCHEMA = new Schema(
            List.of(
                    Types.NestedField.required(1, "id", Types.LongType.get()),
                    Types.NestedField.optional(2, "note", Types.StringType.get())),
            java.util.Set.of(1));

    private final String name = UUID.randomUUID().toString();

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void rowsThatEqualityDeletesLeftAliveAreFound(int version) throws Exception {
        SharedCatalog catalog = SharedCatalog.named(name);
        catalog.createNamespace(Namespace.of("shop"), Map.of());
        Table table = catalog.direct()
                .createTable(
                        ORDERS,
                        SCHEMA,
                        PartitionSpec.unpartitioned(),
                        Map.of("format-version", Integer.toString(version)));
        table.newAppend().appendFile(ForeignFiles.data(table, records(1, 2, 3))).commit();
        table.newRowDelta()
                .addRows(ForeignFiles.data(table, records(2)))
                .addDeletes(ForeignFiles.equalityDeletes(table, records(2)))
                .commit();
        table.newRowDelta()
                .addDeletes(ForeignFiles.equalityDeletes(table, records(3)))
                .commit();

        try (SinkHarness sink = new SinkHarness(
                SharedCatalog.loader(name),
                List.of(new UpsertTable(ORDERS, List.of("id"), List.of(), version, Map.of())),
                2)) {
            sink.process(new Change(ORDERS, "1", null, null));
            sink.process(new Change(ORDERS, "2", SCHEMA, Arrays.asList(2L, "new")));
            sink.process(new Change(ORDERS, "3", SCHEMA, Arrays.asList(3L, "new")));
            sink.commit();
        }

        table.refresh();
        try (var records = org.apache.iceberg.data.IcebergGenerics.read(table).build()) {
            assertThat(records)
                    .extracting(record -> record.get(0) + "=" + record.get(1))
                    .containsExactlyInAnyOrder("2=new", "3=new");
        }
    }

    private static List<Record> records(long... ids) {
        return LongStream.of(ids)
                .mapToObj(id -> (Record) GenericRecord.create(SCHEMA).copy(Map.of("id", id, "note", "old")))
                .toList();
    }
}
