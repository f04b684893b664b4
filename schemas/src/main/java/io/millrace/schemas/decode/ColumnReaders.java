package io.millrace.schemas.decode;

import io.millrace.schemas.decode.AvroShapes.Unsupported;
import io.millrace.schemas.decode.ColumnReader.Invalid;
import io.millrace.schemas.decode.ColumnReader.Values;
import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Primitive;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Compiles the schema of a column into its reader, by Debezium's and Connect's semantic types ({@code connect.name}) and
 * otherwise by the Avro type. The mapping is written down in {@code schemas/README.md}.
 */
final class ColumnReaders {
    private ColumnReaders() {}

    /**
     * The reader of a column.
     *
     * @throws Unsupported if no value of the schema could be told
     */
    static ColumnReader of(Schema schema) {
        if (schema.getType() != Schema.Type.UNION) {
            return bare(schema);
        }
        ColumnReader present = bare(AvroShapes.present(schema));
        List<Schema> branches = schema.getTypes();
        boolean[] isNull = new boolean[branches.size()];
        for (int i = 0; i < isNull.length; i++) {
            isNull[i] = branches.get(i).getType() == Schema.Type.NULL;
        }
        Values values = present.values();
        return new ColumnReader(
                present.type(),
                schema.isNullable(),
                in -> isNull[in.readBranch(isNull.length)] ? null : values.read(in));
    }

    private static ColumnReader bare(Schema schema) {
        String name = AvroShapes.connectName(schema);
        ColumnReader semantic = name == null ? null : semantic(name, schema);
        return semantic == null ? literal(schema) : semantic;
    }

    private static @Nullable ColumnReader semantic(String name, Schema schema) {
        return switch (name) {
            case "io.debezium.time.Date", "org.apache.kafka.connect.data.Date" ->
                numeric(Primitive.DATE, schema, Times::date);
            case "io.debezium.time.Time", "org.apache.kafka.connect.data.Time" ->
                numeric(Primitive.TIME, schema, Times::timeOfMillis);
            case "io.debezium.time.MicroTime" -> numeric(Primitive.TIME, schema, Times::timeOfMicros);
            case "io.debezium.time.NanoTime" ->
                numeric(Primitive.TIME, schema, nanos -> Times.timeOfMicros(Math.floorDiv(nanos, 1000L)));
            case "io.debezium.time.Timestamp", "org.apache.kafka.connect.data.Timestamp" ->
                numeric(Primitive.TIMESTAMP, schema, Times::timestampOfMillis);
            case "io.debezium.time.MicroTimestamp" -> numeric(Primitive.TIMESTAMP, schema, micros -> micros);
            case "io.debezium.time.NanoTimestamp" ->
                numeric(Primitive.TIMESTAMP, schema, nanos -> Math.floorDiv(nanos, 1000L));
            case "io.debezium.time.ZonedTimestamp" -> text(Primitive.TIMESTAMP_TZ, schema, Times::instant);
            case "io.debezium.data.Uuid" -> text(Primitive.UUID, schema, ColumnReaders::uuid);
            case "io.debezium.data.Json" -> requireType(schema, Schema.Type.STRING, Primitive.JSON, Texts::json);
            case "org.apache.kafka.connect.data.Decimal" -> Decimals.fixedScale(schema);
            case "io.debezium.data.VariableScaleDecimal" -> Decimals.variableScale(schema);
            case "io.debezium.data.geometry.Geometry",
                    "io.debezium.data.geometry.Geography",
                    "io.debezium.data.geometry.Point" -> wellKnownBinary(schema);
            default -> null;
        };
    }

    private static ColumnReader literal(Schema schema) {
        return switch (schema.getType()) {
            case BOOLEAN -> new ColumnReader(Primitive.BOOLEAN, false, AvroBytes::readBoolean);
            case INT -> new ColumnReader(Primitive.INT32, false, AvroBytes::readInt);
            case LONG -> new ColumnReader(Primitive.INT64, false, AvroBytes::readLong);
            case FLOAT -> new ColumnReader(Primitive.FLOAT32, false, AvroBytes::readFloat);
            case DOUBLE -> new ColumnReader(Primitive.FLOAT64, false, AvroBytes::readDouble);
            case STRING -> new ColumnReader(Primitive.STRING, false, Texts::string);
            case BYTES -> new ColumnReader(Primitive.BYTES, false, Texts::bytes);
            case FIXED -> {
                int size = schema.getFixedSize();
                yield new ColumnReader(Primitive.BYTES, false, in -> fixed(in, size));
            }
            case ENUM -> {
                List<String> symbols = schema.getEnumSymbols();
                yield new ColumnReader(Primitive.STRING, false, in -> symbols.get(in.readBranch(symbols.size())));
            }
            case ARRAY -> array(schema);
            case RECORD, MAP -> new ColumnReader(Primitive.JSON, false, in -> JsonTexts.read(schema, in));
            case NULL, UNION ->
                throw new Unsupported(
                        "it has a column of type " + schema.getType().getName());
        };
    }

    private static ColumnReader array(Schema schema) {
        ColumnReader element = of(schema.getElementType());
        if (element.type() instanceof ColumnType.Array) {
            return new ColumnReader(Primitive.JSON, false, in -> JsonTexts.read(schema, in));
        }
        return new ColumnReader(
                new ColumnType.Array(element.type()), false, new Arrays(element.type(), element.values()));
    }

    /** Debezium's geometries have coordinates, well-known binary and SRID; the well-known binary says it all. */
    private static ColumnReader wellKnownBinary(Schema schema) {
        if (schema.getType() != Schema.Type.RECORD || schema.getField("wkb") == null) {
            throw new Unsupported("it has a geometry without well-known binary");
        }
        List<Schema.Field> fields = schema.getFields();
        ColumnReader binary = of(schema.getField("wkb").schema());
        if (binary.type() != Primitive.BYTES) {
            throw new Unsupported("it has a geometry whose well-known binary is not binary");
        }
        return new ColumnReader(Primitive.BYTES, true, in -> {
            Object value = null;
            for (Schema.Field field : fields) {
                if (field.name().equals("wkb")) {
                    value = binary.values().read(in);
                } else {
                    AvroShapes.skip(field.schema(), in);
                }
            }
            return value;
        });
    }

    private static Object fixed(AvroBytes in, int size) {
        if (size > in.remaining()) {
            throw new AvroBytes.Broken("it ends too early");
        }
        return ByteBuffer.wrap(in.readBytes(size));
    }

    private static Object uuid(String text) {
        try {
            // UUID.fromString() also takes shorter texts.
            return text.length() == 36 ? UUID.fromString(text) : Invalid.VALUE;
        } catch (IllegalArgumentException e) {
            return Invalid.VALUE;
        }
    }

    @FunctionalInterface
    private interface OfNumber {
        Object value(long number);
    }

    @FunctionalInterface
    private interface OfText {
        Object value(String text);
    }

    private static ColumnReader numeric(ColumnType type, Schema schema, OfNumber conversion) {
        return switch (schema.getType()) {
            case INT -> new ColumnReader(type, false, in -> conversion.value(in.readInt()));
            case LONG -> new ColumnReader(type, false, in -> conversion.value(in.readLong()));
            default -> throw mismatch(schema);
        };
    }

    private static ColumnReader text(ColumnType type, Schema schema, OfText conversion) {
        return requireType(schema, Schema.Type.STRING, type, in -> {
            Object text = Texts.string(in);
            return text instanceof String value ? conversion.value(value) : text;
        });
    }

    private static ColumnReader requireType(Schema schema, Schema.Type required, ColumnType type, Values values) {
        if (schema.getType() != required) {
            throw mismatch(schema);
        }
        return new ColumnReader(type, false, values);
    }

    private static Unsupported mismatch(Schema schema) {
        return new Unsupported("it has a " + AvroShapes.connectName(schema) + " of type "
                + schema.getType().getName());
    }

    /** An array's elements, in one list whatever blocks they come in. */
    private record Arrays(ColumnType element, Values values) implements Values {

        @Override
        public Object read(AvroBytes in) {
            List<@Nullable Object> elements = new ArrayList<>();
            for (int count = in.readBlock(); count > 0; count = in.readBlock()) {
                for (int i = 0; i < count; i++) {
                    elements.add(values.read(in));
                }
            }
            return Placeholders.array(element, elements);
        }
    }
}
