package io.millrace.stream.wire;

import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Array;
import io.millrace.schemas.event.ColumnType.Decimal;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.event.RowSchema;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Columns with names and types. */
final class SchemaCodec implements Codec<RowSchema> {
    private static final int NULLABLE = 1;
    private static final int KEY = 2;
    private static final int DECIMAL = 64;
    private static final int ARRAY = 65;

    @Override
    public void write(RowSchema schema, DataOutput out) throws IOException {
        Set<String> key = Set.copyOf(schema.keyColumns());
        Compact.writeUnsigned(schema.columns().size(), out);
        for (Column column : schema.columns()) {
            Compact.writeText(column.name(), out);
            writeType(column.type(), out);
            out.writeByte((column.nullable() ? NULLABLE : 0) | (key.contains(column.name()) ? KEY : 0));
        }
    }

    @Override
    public RowSchema read(DataInput in) throws IOException {
        int count = Compact.readLength(in);
        List<Column> columns = new ArrayList<>(count);
        List<String> key = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = Compact.readText(in);
            ColumnType type = readType(in);
            int flags = in.readByte();
            columns.add(new Column(name, type, (flags & NULLABLE) != 0));
            if ((flags & KEY) != 0) {
                key.add(name);
            }
        }
        return new RowSchema(columns, key);
    }

    private static void writeType(ColumnType type, DataOutput out) throws IOException {
        if (type instanceof Primitive primitive) {
            out.writeByte(tag(primitive));
        } else if (type instanceof Decimal decimal) {
            out.writeByte(DECIMAL);
            Compact.writeUnsigned(decimal.precision(), out);
            Compact.writeUnsigned(decimal.scale(), out);
        } else if (type instanceof Array array) {
            out.writeByte(ARRAY);
            writeType(array.element(), out);
        }
    }

    private static ColumnType readType(DataInput in) throws IOException {
        int tag = in.readByte();
        return switch (tag) {
            case DECIMAL -> new Decimal(Compact.readLength(in), Compact.readLength(in));
            case ARRAY -> new Array(readType(in));
            default -> primitive(tag);
        };
    }

    /** Numbers of the format, and not ordinals: the order of an enum may change. */
    private static int tag(Primitive type) {
        return switch (type) {
            case BOOLEAN -> 1;
            case INT32 -> 2;
            case INT64 -> 3;
            case FLOAT32 -> 4;
            case FLOAT64 -> 5;
            case STRING -> 6;
            case BYTES -> 7;
            case DATE -> 8;
            case TIME -> 9;
            case TIMESTAMP -> 10;
            case TIMESTAMP_TZ -> 11;
            case UUID -> 12;
            case JSON -> 13;
        };
    }

    private static Primitive primitive(int tag) throws IOException {
        for (Primitive type : Primitive.values()) {
            if (tag(type) == tag) {
                return type;
            }
        }
        throw new IOException("Cannot read a column of type " + tag + ": it was written by a newer version");
    }
}
