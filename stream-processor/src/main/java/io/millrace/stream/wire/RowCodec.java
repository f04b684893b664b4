package io.millrace.stream.wire;

import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Array;
import io.millrace.schemas.event.ColumnType.Decimal;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowSchema;
import io.millrace.schemas.event.Unavailable;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row: its schema, two bits a column that say whether there is a value, and the values. */
final class RowCodec implements Codec<Row> {
    private static final int PRESENT = 0;
    private static final int NULL = 1;
    private static final int UNAVAILABLE = 2;

    private final Codec<RowSchema> schemas = new InterningCodec<>(new SchemaCodec());

    @Override
    public void write(Row row, DataOutput out) throws IOException {
        RowSchema schema = row.schema();
        schemas.write(schema, out);
        List<Column> columns = schema.columns();
        int count = columns.size();
        for (int first = 0; first < count; first += 4) {
            int bits = 0;
            for (int i = first; i < Math.min(first + 4, count); i++) {
                bits |= presence(row.value(i)) << (2 * (i - first));
            }
            out.writeByte(bits);
        }
        for (int i = 0; i < count; i++) {
            Object value = row.value(i);
            if (value != null && value != Unavailable.INSTANCE) {
                writeValue(columns.get(i).type(), value, out);
            }
        }
    }

    @Override
    public Row read(DataInput in) throws IOException {
        RowSchema schema = schemas.read(in);
        List<Column> columns = schema.columns();
        byte[] presence = new byte[(columns.size() + 3) / 4];
        in.readFully(presence);
        @Nullable Object[] values = new @Nullable Object[columns.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch ((presence[i / 4] >> (2 * (i % 4))) & 3) {
                case PRESENT -> readValue(columns.get(i).type(), in);
                case NULL -> null;
                default -> Unavailable.INSTANCE;
            };
        }
        return new Row(schema, values);
    }

    private static int presence(@Nullable Object value) {
        if (value == null) {
            return NULL;
        }
        return value == Unavailable.INSTANCE ? UNAVAILABLE : PRESENT;
    }

    private static void writeValue(ColumnType type, Object value, DataOutput out) throws IOException {
        if (type instanceof Primitive primitive) {
            writePrimitive(primitive, value, out);
        } else if (type instanceof Decimal decimal) {
            BigDecimal number = (BigDecimal) value;
            if (number.scale() != decimal.scale()) {
                throw new IllegalArgumentException(
                        "Cannot write a decimal of scale " + number.scale() + " as " + decimal + ": fix the decoder");
            }
            Compact.writeBytes(number.unscaledValue().toByteArray(), out);
        } else if (type instanceof Array array) {
            List<?> elements = (List<?>) value;
            Compact.writeUnsigned(elements.size(), out);
            for (Object element : elements) {
                out.writeBoolean(element != null);
                if (element != null) {
                    writeValue(array.element(), element, out);
                }
            }
        }
    }

    private static Object readValue(ColumnType type, DataInput in) throws IOException {
        if (type instanceof Primitive primitive) {
            return readPrimitive(primitive, in);
        }
        if (type instanceof Decimal decimal) {
            return new BigDecimal(new BigInteger(Compact.readBytes(in)), decimal.scale());
        }
        ColumnType element = ((Array) type).element();
        int size = Compact.readLength(in);
        List<@Nullable Object> elements = new ArrayList<>(Math.min(size, 1024));
        for (int i = 0; i < size; i++) {
            elements.add(in.readBoolean() ? readValue(element, in) : null);
        }
        return elements;
    }

    private static void writePrimitive(Primitive type, Object value, DataOutput out) throws IOException {
        switch (type) {
            case BOOLEAN -> out.writeBoolean((Boolean) value);
            case INT32, DATE -> Compact.writeSigned((Integer) value, out);
            case INT64, TIME, TIMESTAMP, TIMESTAMP_TZ -> Compact.writeSigned((Long) value, out);
            case FLOAT32 -> out.writeInt(Float.floatToRawIntBits((Float) value));
            case FLOAT64 -> out.writeLong(Double.doubleToRawLongBits((Double) value));
            case STRING, JSON -> Compact.writeText((String) value, out);
            case BYTES -> {
                ByteBuffer buffer = (ByteBuffer) value;
                byte[] bytes = new byte[buffer.remaining()];
                buffer.duplicate().get(bytes);
                Compact.writeBytes(bytes, out);
            }
            case UUID -> {
                UUID uuid = (UUID) value;
                out.writeLong(uuid.getMostSignificantBits());
                out.writeLong(uuid.getLeastSignificantBits());
            }
        }
    }

    private static Object readPrimitive(Primitive type, DataInput in) throws IOException {
        return switch (type) {
            case BOOLEAN -> in.readBoolean();
            case INT32, DATE -> (int) Compact.readSigned(in);
            case INT64, TIME, TIMESTAMP, TIMESTAMP_TZ -> Compact.readSigned(in);
            case FLOAT32 -> Float.intBitsToFloat(in.readInt());
            case FLOAT64 -> Double.longBitsToDouble(in.readLong());
            case STRING, JSON -> Compact.readText(in);
            case BYTES -> ByteBuffer.wrap(Compact.readBytes(in));
            case UUID -> new UUID(in.readLong(), in.readLong());
        };
    }
}
