package io.millrace.schemas.decode;

import io.millrace.schemas.decode.ColumnReader.Invalid;
import io.millrace.schemas.decode.ColumnReader.Values;
import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.RowSchema;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** How the rows of one record schema are read: all that can be known before the first row. */
final class RowPlan {
    private final RowSchema schema;
    private final Values[] readers;

    private RowPlan(RowSchema schema, Values[] readers) {
        this.schema = schema;
        this.readers = readers;
    }

    /**
     * The plan of a record.
     *
     * @param key the columns of the row's key, if the writer tells
     */
    static RowPlan of(Schema record, List<String> key) {
        List<Column> columns = new ArrayList<>();
        List<Values> readers = new ArrayList<>();
        for (Schema.Field field : record.getFields()) {
            ColumnReader reader = ColumnReaders.of(field.schema());
            columns.add(new Column(AvroShapes.columnName(field), reader.type(), reader.nullable()));
            readers.add(reader.values());
        }
        try {
            return new RowPlan(new RowSchema(columns, key), readers.toArray(Values[]::new));
        } catch (IllegalArgumentException e) {
            throw new AvroShapes.Unsupported("it has two columns of one name");
        }
    }

    RowSchema schema() {
        return schema;
    }

    /** Reads a row's values; {@link Invalid} in the place of those that their types cannot hold. */
    @Nullable
    Object[] read(AvroBytes in) {
        @Nullable Object[] values = new Object[readers.length];
        for (int i = 0; i < readers.length; i++) {
            values[i] = readers[i].read(in);
        }
        return values;
    }

    /** The first column with an invalid value; -1 if there is none. */
    static int invalidColumn(@Nullable Object[] values) {
        for (int i = 0; i < values.length; i++) {
            if (values[i] == Invalid.VALUE) {
                return i;
            }
        }
        return -1;
    }
}
