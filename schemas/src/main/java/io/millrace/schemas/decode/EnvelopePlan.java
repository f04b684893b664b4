package io.millrace.schemas.decode;

import io.millrace.schemas.decode.AvroShapes.Unsupported;
import java.util.List;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How envelopes of one schema are read, and the one that was read last.
 *
 * <p>An envelope's fields come in the order of its schema, the rows before the source; so everything is read first and
 * judged afterwards.
 */
final class EnvelopePlan {
    private final List<Schema.Field> fields;
    private final RowPlan rows;
    private final SourceBlock source;
    private final RepeatedText operation = new RepeatedText();

    private @Nullable Object @Nullable [] before;
    private @Nullable Object @Nullable [] after;

    private EnvelopePlan(List<Schema.Field> fields, RowPlan rows, SourceBlock source) {
        this.fields = fields;
        this.rows = rows;
        this.source = source;
    }

    /** Whether a schema is meant to be an envelope. */
    static boolean isEnvelope(Schema schema) {
        return schema.getType() == Schema.Type.RECORD
                && schema.getField("after") != null
                && schema.getField("op") != null
                && schema.getField("source") != null;
    }

    /**
     * The plan of an envelope.
     *
     * @throws Unsupported if no row could be read with the schema
     */
    static EnvelopePlan of(Schema envelope) {
        AvroShapes.requireFinite(envelope);
        Schema row = record(envelope, "after");
        Schema.Field before = envelope.getField("before");
        if (before != null && !row.equals(record(envelope, "before"))) {
            throw new Unsupported("its rows before and after have different schemas");
        }
        if (envelope.getField("op").schema().getType() != Schema.Type.STRING) {
            throw new Unsupported("its operation is not a text");
        }
        Schema source = envelope.getField("source").schema();
        if (source.getType() != Schema.Type.RECORD) {
            throw new Unsupported("its source is not a record");
        }
        return new EnvelopePlan(envelope.getFields(), RowPlan.of(row, key(envelope)), new SourceBlock(source));
    }

    /** The columns of the row's key, which Millrace's capture names in the schema; empty if it is somebody else's. */
    private static List<String> key(Schema envelope) {
        return envelope.getObjectProp("millrace.key") instanceof List<?> names
                ? names.stream().map(String::valueOf).toList()
                : List.of();
    }

    private static Schema record(Schema envelope, String field) {
        Schema schema = AvroShapes.present(envelope.getField(field).schema());
        if (schema.getType() != Schema.Type.RECORD) {
            throw new Unsupported("its row " + field + " is not a record");
        }
        return schema;
    }

    /** Reads an envelope, which takes all of the bytes. */
    void read(AvroBytes in) {
        before = null;
        after = null;
        for (Schema.Field field : fields) {
            switch (field.name()) {
                case "before" -> before = readRow(field.schema(), in);
                case "after" -> after = readRow(field.schema(), in);
                case "source" -> source.read(in);
                case "op" -> operation.read(in);
                default -> AvroShapes.skip(field.schema(), in);
            }
        }
        if (in.remaining() > 0) {
            throw new AvroBytes.Broken("it goes on behind its end");
        }
    }

    private @Nullable Object @Nullable [] readRow(Schema schema, AvroBytes in) {
        if (schema.getType() == Schema.Type.UNION) {
            List<Schema> branches = schema.getTypes();
            if (branches.get(in.readBranch(branches.size())).getType() == Schema.Type.NULL) {
                return null;
            }
        }
        return rows.read(in);
    }

    RowPlan rows() {
        return rows;
    }

    SourceBlock source() {
        return source;
    }

    String operation() {
        return operation.text();
    }

    @Nullable
    Object @Nullable [] before() {
        return before;
    }

    @Nullable
    Object @Nullable [] after() {
        return after;
    }
}
