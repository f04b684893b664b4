package io.millrace.schemas.decode;

import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** What can be told of a schema's shape, and how values of any shape are passed over. */
final class AvroShapes {

    /** A schema cannot be read as what it should be. The message is a clause without record contents. */
    static final class Unsupported extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unsupported(String message) {
            super(message, null, false, false);
        }
    }

    private AvroShapes() {}

    /** The one schema beside null of an optional value's union; the schema itself if it is no union. */
    static Schema present(Schema schema) {
        if (schema.getType() != Schema.Type.UNION) {
            return schema;
        }
        Schema present = null;
        for (Schema branch : schema.getTypes()) {
            if (branch.getType() != Schema.Type.NULL) {
                if (present != null) {
                    throw new Unsupported("it has a union of several types");
                }
                present = branch;
            }
        }
        if (present == null) {
            throw new Unsupported("it has a union of nothing but null");
        }
        return present;
    }

    static boolean isOptional(Schema schema) {
        return schema.getType() == Schema.Type.UNION && schema.isNullable();
    }

    static @Nullable String connectName(Schema schema) {
        return schema.getProp("connect.name");
    }

    /** The name of a column: that of its field, unless the field had to be named otherwise for Avro. */
    static String columnName(Schema.Field field) {
        String name = field.getProp("connect.field.name");
        return name == null ? field.name() : name;
    }

    /** Refuses schemas whose values could nest without end, or could be many and take no byte. */
    static void requireFinite(Schema schema) {
        requireFinite(schema, new ArrayDeque<>());
    }

    private static void requireFinite(Schema schema, Deque<String> inside) {
        switch (schema.getType()) {
            case RECORD -> {
                if (inside.contains(schema.getFullName())) {
                    throw new Unsupported("its type " + schema.getFullName() + " contains itself");
                }
                if (schema.getFields().isEmpty()) {
                    throw new Unsupported("its type " + schema.getFullName() + " has no fields");
                }
                inside.push(schema.getFullName());
                schema.getFields().forEach(field -> requireFinite(field.schema(), inside));
                inside.pop();
            }
            case ARRAY -> requireElement(schema.getElementType(), inside);
            case MAP -> requireFinite(schema.getValueType(), inside);
            case UNION -> schema.getTypes().forEach(branch -> requireFinite(branch, inside));
            default -> {}
        }
    }

    private static void requireElement(Schema element, Deque<String> inside) {
        boolean takesNoByte = element.getType() == Schema.Type.NULL
                || (element.getType() == Schema.Type.FIXED && element.getFixedSize() == 0);
        if (takesNoByte) {
            throw new Unsupported("it has an array of nothing");
        }
        requireFinite(element, inside);
    }

    /** Passes over a value of a {@linkplain #requireFinite finite} schema. */
    static void skip(Schema schema, AvroBytes in) {
        switch (schema.getType()) {
            case RECORD -> {
                for (Schema.Field field : schema.getFields()) {
                    skip(field.schema(), in);
                }
            }
            case ENUM, INT -> in.readInt();
            case ARRAY -> {
                for (int count = in.readBlock(); count > 0; count = in.readBlock()) {
                    for (int i = 0; i < count; i++) {
                        skip(schema.getElementType(), in);
                    }
                }
            }
            case MAP -> {
                for (int count = in.readBlock(); count > 0; count = in.readBlock()) {
                    for (int i = 0; i < count; i++) {
                        in.skip(in.readLength());
                        skip(schema.getValueType(), in);
                    }
                }
            }
            case UNION ->
                skip(schema.getTypes().get(in.readBranch(schema.getTypes().size())), in);
            case FIXED -> in.skip(schema.getFixedSize());
            case STRING, BYTES -> in.skip(in.readLength());
            case LONG -> in.readLong();
            case FLOAT -> in.readFloat();
            case DOUBLE -> in.readDouble();
            case BOOLEAN -> in.readBoolean();
            case NULL -> {}
        }
    }
}
