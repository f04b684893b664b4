package io.millrace.iceberg;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.deletes.EqualityDeleteWriter;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;
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
        table.newAppend().appendFile(file(table, 1, 2, 3)).commit();
        RowDelta upsert = table.newRowDelta();
        upsert.addRows(file(table, 2)).addDeletes(equalityDelete(table, 2)).commit();
        table.newRowDelta().addDeletes(equalityDelete(table, 3)).commit();

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

    private static Record record(long id) {
        Record record = GenericRecord.create(SCHEMA);
        record.setField("id", id);
        record.setField("note", "old");
        return record;
    }

    private static DataFile file(Table table, long... ids) throws IOException {
        DataWriter<Record> writer = Parquet.writeData(
                        table.io().newOutputFile(table.location() + "/data/" + UUID.randomUUID() + ".parquet"))
                .schema(SCHEMA)
                .createWriterFunc(GenericParquetWriter::create)
                .withSpec(table.spec())
                .build();
        try (writer) {
            for (long id : ids) {
                writer.write(record(id));
            }
        }
        return writer.toDataFile();
    }

    private static org.apache.iceberg.DeleteFile equalityDelete(Table table, long id) throws IOException {
        EqualityDeleteWriter<Record> writer = Parquet.writeDeletes(
                        table.io().newOutputFile(table.location() + "/data/" + UUID.randomUUID() + ".parquet"))
                .createWriterFunc(GenericParquetWriter::create)
                .rowSchema(SCHEMA)
                .withSpec(table.spec())
                .equalityFieldIds(1)
                .buildEqualityWriter();
        try (writer) {
            writer.write(record(id));
        }
        return writer.toDeleteFile();
    }
}
