package io.millrace.schemas.decode;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.decode.AvroShapes.Unsupported;
import io.millrace.schemas.decode.JsonColumn.Conversion;
import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.pipeline.DeclaredType;
import io.millrace.schemas.pipeline.DeclaredType.Spelling;
import org.jspecify.annotations.Nullable;

/**
 * Columns by the schema that Connect's JSON converter puts into a record: by Debezium's and Connect's semantic types, and
 * otherwise by Connect's own. The same types as {@link ColumnReaders} gives to Avro's.
 */
final class ConnectColumns {
    private static final JsonConversions CONVERSIONS = JsonConversions.DEBEZIUM;

    private ConnectColumns() {}

    /**
     * A column.
     *
     * @param schema the schema of its values
     * @throws Unsupported if no value of the schema could be told
     */
    static JsonColumn of(JsonNode schema) {
        boolean optional = schema.path("optional").asBoolean();
        String name = schema.path("name").asText("");
        if (name.equals("org.apache.kafka.connect.data.Decimal")) {
            return decimal(schema, optional);
        }
        DeclaredType semantic = semantic(name);
        if (semantic != null) {
            return new JsonColumn(
                    semantic.type(), optional || semantic.spelling() == Spelling.GEOMETRY, CONVERSIONS.of(semantic));
        }
        return switch (schema.path("type").asText("")) {
            case "boolean" -> primitive(Primitive.BOOLEAN, optional);
            case "int8", "int16", "int32" -> primitive(Primitive.INT32, optional);
            case "int64" -> primitive(Primitive.INT64, optional);
            case "float", "float32" -> primitive(Primitive.FLOAT32, optional);
            case "double", "float64" -> primitive(Primitive.FLOAT64, optional);
            case "string" -> primitive(Primitive.STRING, optional);
            case "bytes" -> primitive(Primitive.BYTES, optional);
            case "array" -> array(schema.path("items"), optional);
            case "struct", "map" -> primitive(Primitive.JSON, optional);
            default -> throw new Unsupported("it has a column of no type of Connect's");
        };
    }

    private static @Nullable DeclaredType semantic(String name) {
        return switch (name) {
            case "io.debezium.time.Date", "org.apache.kafka.connect.data.Date" -> type(Primitive.DATE, Spelling.PLAIN);
            case "io.debezium.time.Time", "org.apache.kafka.connect.data.Time" -> type(Primitive.TIME, Spelling.MILLIS);
            case "io.debezium.time.MicroTime" -> type(Primitive.TIME, Spelling.PLAIN);
            case "io.debezium.time.NanoTime" -> type(Primitive.TIME, Spelling.NANOS);
            case "io.debezium.time.Timestamp", "org.apache.kafka.connect.data.Timestamp" ->
                type(Primitive.TIMESTAMP, Spelling.MILLIS);
            case "io.debezium.time.MicroTimestamp" -> type(Primitive.TIMESTAMP, Spelling.PLAIN);
            case "io.debezium.time.NanoTimestamp" -> type(Primitive.TIMESTAMP, Spelling.NANOS);
            case "io.debezium.time.ZonedTimestamp" -> type(Primitive.TIMESTAMP_TZ, Spelling.PLAIN);
            case "io.debezium.data.Uuid" -> type(Primitive.UUID, Spelling.PLAIN);
            case "io.debezium.data.Json" -> type(Primitive.JSON, Spelling.PLAIN);
            case "io.debezium.data.VariableScaleDecimal" -> type(Primitive.STRING, Spelling.NUMERIC);
            case "io.debezium.data.geometry.Geometry",
                    "io.debezium.data.geometry.Geography",
                    "io.debezium.data.geometry.Point" -> type(Primitive.BYTES, Spelling.GEOMETRY);
            default -> null;
        };
    }

    private static DeclaredType type(ColumnType type, Spelling spelling) {
        return new DeclaredType(type, spelling);
    }

    private static JsonColumn primitive(Primitive type, boolean optional) {
        return new JsonColumn(type, optional, CONVERSIONS.of(type));
    }

    private static JsonColumn array(JsonNode items, boolean optional) {
        JsonColumn element = of(items);
        return element.type() instanceof ColumnType.Array
                ? primitive(Primitive.JSON, optional)
                : new JsonColumn(
                        new ColumnType.Array(element.type()),
                        optional,
                        CONVERSIONS.array(element.type(), element.conversion()));
    }

    private static JsonColumn decimal(JsonNode schema, boolean optional) {
        JsonNode parameters = schema.path("parameters");
        int scale = parameters.path("scale").asInt(0);
        int precision = parameters.path("connect.decimal.precision").asInt(Integer.MAX_VALUE);
        if (Decimals.isExact(precision, scale)) {
            DeclaredType type = type(new ColumnType.Decimal(precision, scale), Spelling.BASE64);
            return new JsonColumn(type.type(), optional, CONVERSIONS.of(type));
        }
        Conversion plain = CONVERSIONS.of(type(Primitive.STRING, Spelling.NUMERIC));
        return new JsonColumn(
                Primitive.STRING,
                optional,
                raw -> raw instanceof String base64 && !base64.equals(Placeholders.STRING)
                        ? Decimals.text(JsonConversions.unscaled(base64), scale)
                        : plain.of(raw));
    }
}
