package io.millrace.schemas.decode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.decode.ColumnReader.Invalid;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Reads values that have no column type of their own (structs, maps, arrays of arrays) into JSON. */
final class JsonTexts {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private JsonTexts() {}

    /** A JSON text; bytes are in base64. */
    static Object read(Schema schema, AvroBytes in) {
        JsonNode node = node(schema, in);
        return node == null ? Invalid.VALUE : node.toString();
    }

    private static @Nullable JsonNode node(Schema schema, AvroBytes in) {
        return switch (schema.getType()) {
            case RECORD -> {
                ObjectNode object = JSON.objectNode();
                boolean valid = true;
                for (Schema.Field field : schema.getFields()) {
                    JsonNode value = node(field.schema(), in);
                    valid &= value != null;
                    object.set(AvroShapes.columnName(field), value);
                }
                yield valid ? object : null;
            }
            case MAP -> map(schema.getValueType(), in);
            case ARRAY -> array(schema.getElementType(), in);
            case UNION ->
                node(schema.getTypes().get(in.readBranch(schema.getTypes().size())), in);
            case NULL -> JSON.nullNode();
            case STRING -> {
                String text = in.readText(in.readLength());
                yield text == null ? null : JSON.textNode(text);
            }
            case BYTES -> JSON.binaryNode(in.readBytes(in.readLength()));
            case FIXED -> {
                int size = schema.getFixedSize();
                if (size > in.remaining()) {
                    throw new AvroBytes.Broken("it ends too early");
                }
                yield JSON.binaryNode(in.readBytes(size));
            }
            case ENUM ->
                JSON.textNode(schema.getEnumSymbols()
                        .get(in.readBranch(schema.getEnumSymbols().size())));
            case INT -> JSON.numberNode(in.readInt());
            case LONG -> JSON.numberNode(in.readLong());
            case FLOAT -> JSON.numberNode(in.readFloat());
            case DOUBLE -> JSON.numberNode(in.readDouble());
            case BOOLEAN -> JSON.booleanNode(in.readBoolean());
        };
    }

    private static @Nullable JsonNode map(Schema valueType, AvroBytes in) {
        ObjectNode object = JSON.objectNode();
        boolean valid = true;
        for (int count = in.readBlock(); count > 0; count = in.readBlock()) {
            for (int i = 0; i < count; i++) {
                String name = in.readText(in.readLength());
                JsonNode value = node(valueType, in);
                valid &= name != null && value != null;
                object.set(name == null ? "" : name, value);
            }
        }
        return valid ? object : null;
    }

    private static @Nullable JsonNode array(Schema elementType, AvroBytes in) {
        ArrayNode array = JSON.arrayNode();
        boolean valid = true;
        for (int count = in.readBlock(); count > 0; count = in.readBlock()) {
            for (int i = 0; i < count; i++) {
                JsonNode value = node(elementType, in);
                valid &= value != null;
                array.add(value);
            }
        }
        return valid ? array : null;
    }
}
