package io.millrace.batch.raw.write;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.apache.iceberg.StructLike;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** A row of Spark's as Iceberg's partition transforms see it. */
final class RowAdapter implements StructLike {
    private final DataType[] types;
    private @Nullable InternalRow row;

    RowAdapter(StructType struct) {
        types = new DataType[struct.size()];
        for (int i = 0; i < types.length; i++) {
            types[i] = struct.fields()[i].dataType();
        }
    }

    RowAdapter wrap(InternalRow next) {
        row = next;
        return this;
    }

    @Override
    public int size() {
        return types.length;
    }

    @Override
    public <T> @Nullable T get(int position, Class<T> type) {
        InternalRow now = Objects.requireNonNull(row, "wrap a row first");
        return now.isNullAt(position) ? null : type.cast(value(now, position));
    }

    private Object value(InternalRow now, int position) {
        DataType type = types[position];
        if (type instanceof StringType) {
            return now.getUTF8String(position).toString();
        }
        if (type instanceof DecimalType decimal) {
            return now.getDecimal(position, decimal.precision(), decimal.scale())
                    .toJavaBigDecimal();
        }
        return type instanceof BinaryType ? ByteBuffer.wrap(now.getBinary(position)) : now.get(position, type);
    }

    @Override
    public <T> void set(int position, T value) {
        throw new UnsupportedOperationException("a row that is read is not changed");
    }
}
