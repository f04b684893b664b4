package io.millrace.batch.raw.write;

import io.millrace.batch.raw.infer.TableColumn;
import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.event.RowSchema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** Column types and partition fields in Iceberg's terms. */
final class IcebergColumns {
    private static final Pattern TRANSFORM = Pattern.compile("(\\w+)\\((?:(\\d+), )?([^,()]+)\\)");

    private IcebergColumns() {}

    static Type type(ColumnType type) {
        if (type instanceof ColumnType.Decimal decimal) {
            return Types.DecimalType.of(decimal.precision(), decimal.scale());
        }
        return switch ((Primitive) type) {
            case BOOLEAN -> Types.BooleanType.get();
            case INT32 -> Types.IntegerType.get();
            case INT64 -> Types.LongType.get();
            case FLOAT32 -> Types.FloatType.get();
            case FLOAT64 -> Types.DoubleType.get();
            case STRING, TIME, UUID, JSON -> Types.StringType.get();
            case BYTES -> Types.BinaryType.get();
            case DATE -> Types.DateType.get();
            case TIMESTAMP -> Types.TimestampType.withoutZone();
            case TIMESTAMP_TZ -> Types.TimestampType.withZone();
        };
    }

    /** What a column of a table that somebody else has made is read as. */
    static ColumnType columnType(String table, Types.NestedField field) {
        Type type = field.type();
        return switch (type.typeId()) {
            case BOOLEAN -> Primitive.BOOLEAN;
            case INTEGER -> Primitive.INT32;
            case LONG -> Primitive.INT64;
            case FLOAT -> Primitive.FLOAT32;
            case DOUBLE -> Primitive.FLOAT64;
            case STRING -> Primitive.STRING;
            case BINARY -> Primitive.BYTES;
            case DATE -> Primitive.DATE;
            case TIMESTAMP ->
                ((Types.TimestampType) type).shouldAdjustToUTC() ? Primitive.TIMESTAMP_TZ : Primitive.TIMESTAMP;
            case DECIMAL ->
                new ColumnType.Decimal(((Types.DecimalType) type).precision(), ((Types.DecimalType) type).scale());
            default ->
                throw new LoadFailure("Cannot load into " + table + ": column " + field.name() + " is " + type
                        + ", which CSV files have no values of. Load into another table.");
        };
    }

    /** A schema of these columns, then more; those with these names, in lower case, are required and identify rows. */
    static Schema schema(List<TableColumn> columns, List<Types.NestedField> more, Set<String> keys) {
        List<Types.NestedField> fields = new ArrayList<>();
        Set<Integer> identifiers = new HashSet<>();
        for (TableColumn column : columns) {
            int id = fields.size() + 1;
            boolean key = keys.contains(column.id());
            fields.add(
                    key
                            ? Types.NestedField.required(id, column.name(), type(column.type()))
                            : Types.NestedField.optional(id, column.name(), type(column.type())));
            // Iceberg wants no floating point numbers there.
            if (key && column.type() != Primitive.FLOAT32 && column.type() != Primitive.FLOAT64) {
                identifiers.add(id);
            }
        }
        for (Types.NestedField field : more) {
            fields.add(Types.NestedField.optional(fields.size() + 1, field.name(), field.type()));
        }
        return new Schema(fields, identifiers.size() == keys.size() ? identifiers : Set.of());
    }

    static Schema schema(RowSchema rows, String key) {
        List<Types.NestedField> fields = new ArrayList<>();
        for (Column column : rows.columns()) {
            int id = fields.size() + 1;
            Type type = type(column.type());
            fields.add(
                    column.name().equals(key)
                            ? Types.NestedField.required(id, column.name(), type)
                            : Types.NestedField.optional(id, column.name(), type));
        }
        return new Schema(fields);
    }

    /** The spec of partition fields as the pipeline's and landing files write them. */
    static PartitionSpec spec(Schema schema, Collection<String> fields) {
        PartitionSpec.Builder spec = PartitionSpec.builderFor(schema);
        for (String field : fields) {
            Matcher transform = TRANSFORM.matcher(field);
            String column = transform.matches() ? transform.group(3) : field;
            Types.NestedField found = schema.caseInsensitiveFindField(column);
            if (found == null) {
                throw new LoadFailure("Cannot partition by " + field + ": there is no column " + column + ".");
            }
            String name = found.name();
            switch (transform.matches() ? transform.group(1).toLowerCase(Locale.ROOT) : "identity") {
                case "year" -> spec.year(name);
                case "month" -> spec.month(name);
                case "day" -> spec.day(name);
                case "hour" -> spec.hour(name);
                case "bucket" -> spec.bucket(name, Integer.parseInt(transform.group(2)));
                case "truncate" -> spec.truncate(name, Integer.parseInt(transform.group(2)));
                default -> spec.identity(name);
            }
        }
        return spec.build();
    }
}
