package io.millrace.capture.encode.avro;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Writes Connect values in Avro's binary form, straight from the structs, by the schemas of {@link AvroSchemas}.
 *
 * <p>Not safe for use by several threads.
 */
final class AvroWriter {
    private @Nullable BinaryEncoder reused;

    byte[] write(Schema schema, Object value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, reused);
        reused = encoder;
        try {
            write(encoder, schema, value);
            encoder.flush();
        } catch (IOException e) {
            throw new IllegalStateException("Cannot write to memory", e);
        }
        return out.toByteArray();
    }

    private void write(BinaryEncoder out, Schema schema, @Nullable Object value) throws IOException {
        if (schema.isOptional()) {
            // The same order of the union as AvroSchemas chose.
            boolean nullFirst = schema.defaultValue() == null;
            if (value == null) {
                out.writeIndex(nullFirst ? 0 : 1);
                out.writeNull();
                return;
            }
            out.writeIndex(nullFirst ? 1 : 0);
        }
        Object present = value == null ? schema.defaultValue() : value;
        if (present == null) {
            throw new IllegalArgumentException("Cannot encode null: a column of type "
                    + (schema.name() == null ? schema.type() : schema.name()) + " is not optional");
        }
        writeBare(out, schema, present);
    }

    private void writeBare(BinaryEncoder out, Schema schema, Object value) throws IOException {
        switch (schema.type()) {
            case INT8:
            case INT16:
            case INT32:
                out.writeInt(((Number) value).intValue());
                break;
            case INT64:
                out.writeLong(((Number) value).longValue());
                break;
            case FLOAT32:
                out.writeFloat(((Number) value).floatValue());
                break;
            case FLOAT64:
                out.writeDouble(((Number) value).doubleValue());
                break;
            case BOOLEAN:
                out.writeBoolean((Boolean) value);
                break;
            case STRING:
                out.writeString((String) value);
                break;
            case BYTES:
                writeBytes(out, schema, value);
                break;
            case STRUCT:
                writeStruct(out, schema, (Struct) value);
                break;
            case ARRAY:
                writeArray(out, schema, (Collection<?>) value);
                break;
            case MAP:
                writeMap(out, schema, (Map<?, ?>) value);
                break;
            default:
                throw new UnsupportedOperationException("Cannot encode type " + schema.type());
        }
    }

    private static void writeBytes(BinaryEncoder out, Schema schema, Object value) throws IOException {
        if (value instanceof byte[] bytes) {
            out.writeBytes(bytes);
        } else if (value instanceof ByteBuffer buffer) {
            out.writeBytes(buffer.duplicate());
        } else {
            out.writeBytes(Decimal.fromLogical(schema, (BigDecimal) value));
        }
    }

    private void writeStruct(BinaryEncoder out, Schema schema, Struct struct) throws IOException {
        for (Field field : schema.fields()) {
            // Not get(): that would put a column's default in the place of a null.
            write(out, field.schema(), struct.getWithoutDefault(field.name()));
        }
    }

    private void writeArray(BinaryEncoder out, Schema schema, Collection<?> elements) throws IOException {
        out.writeArrayStart();
        out.setItemCount(elements.size());
        for (Object element : elements) {
            out.startItem();
            write(out, schema.valueSchema(), element);
        }
        out.writeArrayEnd();
    }

    private void writeMap(BinaryEncoder out, Schema schema, Map<?, ?> entries) throws IOException {
        out.writeMapStart();
        out.setItemCount(entries.size());
        for (Map.Entry<?, ?> entry : entries.entrySet()) {
            out.startItem();
            out.writeString((String) entry.getKey());
            write(out, schema.valueSchema(), entry.getValue());
        }
        out.writeMapEnd();
    }
}
