package io.millrace.capture.encode.avro;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.JsonProperties;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.jspecify.annotations.Nullable;

/**
 * Translates one Connect schema to Avro, as the Connect converters of AWS and Confluent do: {@code connect.name},
 * {@code connect.version}, {@code connect.parameters}, {@code connect.doc} and {@code connect.type} keep what Avro has no
 * word for; an optional type is a union with null; decimals are bytes with the logical type {@code decimal}.
 *
 * <p>Beyond them: a name that Avro does not allow is spelled with {@code _uXXXX} for every foreign character, and a field
 * keeps its own name in the property {@value #FIELD_NAME}.
 */
final class AvroSchemas {
    /** The columns of the row's key, a property of the envelope. */
    static final String KEY_COLUMNS = "millrace.key";
    /** A field's name in the source where it is not the Avro field's own. */
    static final String FIELD_NAME = "connect.field.name";

    /** What Confluent's converter takes for a decimal whose precision nobody knows. */
    private static final int UNKNOWN_PRECISION = 64;

    private static final String PRECISION = "connect.decimal.precision";

    /** Avro allows one definition of a name in a schema; later ones of the same shape refer to the first. */
    private final Map<String, Schema> records = new HashMap<>();

    private final Map<String, org.apache.kafka.connect.data.Schema> origins = new HashMap<>();

    private AvroSchemas() {}

    static Schema of(org.apache.kafka.connect.data.Schema schema) {
        return new AvroSchemas().translate(schema);
    }

    /** An envelope's schema that also names the columns of the row's key, which is no part of the envelope. */
    static Schema of(org.apache.kafka.connect.data.Schema envelope, List<String> key) {
        Schema schema = of(envelope);
        schema.addProp(KEY_COLUMNS, key);
        return schema;
    }

    private Schema translate(org.apache.kafka.connect.data.Schema schema) {
        Schema type = bare(schema);
        if (!schema.isOptional()) {
            return type;
        }
        Schema none = Schema.create(Schema.Type.NULL);
        // A field's default must be of the union's first type.
        return schema.defaultValue() == null ? Schema.createUnion(none, type) : Schema.createUnion(type, none);
    }

    private Schema bare(org.apache.kafka.connect.data.Schema schema) {
        if (schema.type() == org.apache.kafka.connect.data.Schema.Type.STRUCT) {
            return struct(schema);
        }
        Schema type = primitive(schema);
        annotate(type, schema);
        return type;
    }

    private Schema primitive(org.apache.kafka.connect.data.Schema schema) {
        switch (schema.type()) {
            case INT8:
                return withProperty(Schema.create(Schema.Type.INT), "connect.type", "int8");
            case INT16:
                return withProperty(Schema.create(Schema.Type.INT), "connect.type", "int16");
            case INT32:
                return Schema.create(Schema.Type.INT);
            case INT64:
                return Schema.create(Schema.Type.LONG);
            case FLOAT32:
                return Schema.create(Schema.Type.FLOAT);
            case FLOAT64:
                return Schema.create(Schema.Type.DOUBLE);
            case BOOLEAN:
                return Schema.create(Schema.Type.BOOLEAN);
            case STRING:
                return Schema.create(Schema.Type.STRING);
            case BYTES:
                return bytes(schema);
            case ARRAY:
                return Schema.createArray(translate(schema.valueSchema()));
            case MAP:
                if (schema.keySchema().type() == org.apache.kafka.connect.data.Schema.Type.STRING) {
                    return Schema.createMap(translate(schema.valueSchema()));
                }
                throw new UnsupportedOperationException("Cannot translate map with keys of type "
                        + schema.keySchema().type());
            default:
                throw new UnsupportedOperationException("Cannot translate type " + schema.type());
        }
    }

    private static Schema bytes(org.apache.kafka.connect.data.Schema schema) {
        Schema type = Schema.create(Schema.Type.BYTES);
        if (!Decimal.LOGICAL_NAME.equals(schema.name())) {
            return type;
        }
        Map<String, String> parameters = schema.parameters();
        int scale = Integer.parseInt(parameters.getOrDefault(Decimal.SCALE_FIELD, "0"));
        int precision = Integer.parseInt(parameters.getOrDefault(PRECISION, String.valueOf(UNKNOWN_PRECISION)));
        type.addProp("scale", scale);
        type.addProp("precision", precision);
        if (scale <= precision && scale >= 0) {
            LogicalTypes.decimal(precision, scale).addToSchema(type);
        }
        return type;
    }

    private Schema struct(org.apache.kafka.connect.data.Schema schema) {
        String fullName = recordName(schema.name() == null ? "ConnectDefault" : schema.name(), schema);
        Schema known = records.get(fullName);
        if (known != null) {
            return known;
        }
        int dot = fullName.lastIndexOf('.');
        Schema record = Schema.createRecord(
                fullName.substring(dot + 1), schema.doc(), dot < 0 ? null : fullName.substring(0, dot), false);
        records.put(fullName, record);
        origins.put(fullName, schema);
        List<Schema.Field> fields = new ArrayList<>();
        for (Field field : schema.fields()) {
            fields.add(field(field));
        }
        record.setFields(fields);
        annotate(record, schema);
        return record;
    }

    private Schema.Field field(Field field) {
        String name = spell(field.name());
        Schema.Field avro =
                new Schema.Field(name, translate(field.schema()), field.schema().doc(), defaultOf(field.schema()));
        if (!name.equals(field.name())) {
            avro.addProp(FIELD_NAME, field.name());
        }
        return avro;
    }

    /** Two structs of one name and different fields get different Avro names. */
    private String recordName(String connectName, org.apache.kafka.connect.data.Schema schema) {
        StringBuilder spelled = new StringBuilder();
        for (String part : connectName.split("\\.", -1)) {
            spelled.append(spelled.isEmpty() ? "" : ".").append(spell(part));
        }
        String name = spelled.toString();
        for (int number = 2; !sameFields(origins.get(name), schema); number++) {
            name = spelled + "_" + number;
        }
        return name;
    }

    private static boolean sameFields(
            org.apache.kafka.connect.data.@Nullable Schema known, org.apache.kafka.connect.data.Schema schema) {
        return known == null || known.fields().equals(schema.fields());
    }

    /** A name as Avro allows it: letters, digits and underscores, no digit first. */
    static String spell(String name) {
        StringBuilder spelled = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
            if (letter || (c >= '0' && c <= '9' && i > 0)) {
                spelled.append(c);
            } else {
                spelled.append(String.format("_u%04x", (int) c));
            }
        }
        return spelled.isEmpty() ? "_" : spelled.toString();
    }

    private static void annotate(Schema type, org.apache.kafka.connect.data.Schema schema) {
        if (schema.doc() != null) {
            type.addProp("connect.doc", schema.doc());
        }
        if (schema.version() != null) {
            type.addProp("connect.version", schema.version());
        }
        if (schema.parameters() != null && !schema.parameters().isEmpty()) {
            type.addProp("connect.parameters", new LinkedHashMap<>(schema.parameters()));
        }
        if (schema.name() != null) {
            type.addProp("connect.name", schema.name());
        }
    }

    private static Schema withProperty(Schema type, String name, String value) {
        type.addProp(name, value);
        return type;
    }

    /** The Avro default of a field; null for none. Without one, no earlier row could be read with this schema. */
    private static @Nullable Object defaultOf(org.apache.kafka.connect.data.Schema schema) {
        Object value = schema.defaultValue();
        if (value == null) {
            return schema.isOptional() ? JsonProperties.NULL_VALUE : null;
        }
        switch (schema.type()) {
            case INT8:
            case INT16:
            case INT32:
                return value instanceof Number number ? (Object) number.intValue() : null;
            case INT64:
                return value instanceof Number number ? (Object) number.longValue() : null;
            case FLOAT32:
            case FLOAT64:
                double number = ((Number) value).doubleValue();
                // JSON has no word for the others.
                return Double.isFinite(number) ? value : null;
            case BOOLEAN:
            case STRING:
                return value;
            case BYTES:
                return bytesOf(schema, value);
            default:
                return null;
        }
    }

    static byte @Nullable [] bytesOf(org.apache.kafka.connect.data.Schema schema, Object value) {
        if (value instanceof java.math.BigDecimal) {
            return Decimal.fromLogical(schema, (java.math.BigDecimal) value);
        }
        if (value instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            return bytes;
        }
        return value instanceof byte[] bytes ? bytes : null;
    }
}
