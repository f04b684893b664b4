package io.millrace.stream.sink.iceberg;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Array;
import io.millrace.schemas.event.ColumnType.Decimal;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.event.KeyText;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowChange;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.event.RowSchema;
import io.millrace.stream.RandomRows;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.iceberg.Schema;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RowChangeReaderTest {
    private static final String TABLE = "shop.public.orders";
    private final RowChangeReader reader = new RowChangeReader(
            List.of(new IcebergRoute(TABLE, "lake.shop", "orders", List.of("k"), List.of(), 2, false, Map.of())));

    @Test
    void routesASourceTableToItsIcebergTable() {
        RowChange delete = new RowChange.Delete(new RowKey(TABLE, "1"), 1, 1);

        assertThat(reader.table(delete)).isEqualTo(TableIdentifier.of("lake", "shop", "orders"));
        assertThat(reader.isDelete(delete)).isTrue();
    }

    @Test
    void onlyKeyColumnsAreRequired() {
        Schema schema = reader.schema(upsert(Primitive.INT64, 1L));

        assertThat(schema.findField("k").isRequired()).isTrue();
        assertThat(schema.findField("v").isOptional()).isTrue();
    }

    @Test
    void rowsOfOneSchemaHaveOneIcebergSchema() {
        RowSchema schema = new RowSchema(List.of(new Column("k", Primitive.INT64, false)));
        RowChange first = new RowChange.Upsert(new RowKey(TABLE, "1"), new Row(schema, new Object[] {1L}), 1, 1);
        RowChange second = new RowChange.Upsert(new RowKey(TABLE, "2"), new Row(schema, new Object[] {2L}), 1, 1);

        assertThat(reader.schema(second)).isSameAs(reader.schema(first));
    }

    @Test
    void uuidsAndTimesBecomeTextsThatEveryReaderReads() {
        UUID uuid = new UUID(1, 2);

        assertThat(reader.value(upsert(Primitive.UUID, uuid), 0)).isEqualTo(uuid.toString());
        assertThat(reader.value(upsert(Primitive.TIME, 1L), 0)).isEqualTo("00:00:00.000001");
        assertThat(reader.value(upsert(new Array(Primitive.UUID), List.of(uuid)), 0))
                .isEqualTo(List.of(uuid.toString()));
    }

    static Stream<ColumnType> keyTypes() {
        return Stream.concat(Stream.of(Primitive.values()), Stream.of(new Decimal(12, 3)));
    }

    @ParameterizedTest
    @MethodSource("keyTypes")
    void aRowReadBackHasTheKeyOfItsChanges(ColumnType type) {
        RandomRows rows = new RandomRows(new Random(5));
        for (int i = 0; i < 100; i++) {
            Object value = rows.value(type == Primitive.TIME ? Primitive.DATE : type);
            Object key = type == Primitive.TIME ? Long.valueOf(Math.abs((long) (Integer) value)) : value;
            RowChange change = upsert(type, key);
            Schema schema = reader.schema(change);
            GenericRecord stored = GenericRecord.create(schema.select("k"));
            stored.set(0, reader.value(change, 0));

            RowKey read = reader.keyOf(TableIdentifier.of("lake", "shop", "orders"), schema, stored);

            assertThat(read).isEqualTo(RowKey.of(TABLE, List.of(KeyText.of(type, key))));
        }
    }

    private static RowChange upsert(ColumnType type, @Nullable Object value) {
        RowSchema schema =
                new RowSchema(List.of(new Column("k", type, false), new Column("v", Primitive.STRING, false)));
        return new RowChange.Upsert(new RowKey(TABLE, "1"), new Row(schema, new @Nullable Object[] {value, "x"}), 1, 1);
    }
}
