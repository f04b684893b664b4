package io.millrace.schemas.decode;

import io.millrace.schemas.decode.ColumnReader.Invalid;
import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.KeyText;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.event.RowSchema;
import io.millrace.schemas.event.Unavailable;
import io.millrace.schemas.pipeline.TableRoute;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How a table's key is taken from rows of one schema. */
final class KeyPlan {
    private final TableRoute route;
    private final List<String> key;
    private final DeadLetterCode noKey;
    private final @Nullable String whyNoKey;
    private final RowSchema schema;
    private final List<Column> columns;
    private final int[] places;

    KeyPlan(TableRoute route, RowSchema schema) {
        this.route = route;
        this.schema = schema;
        this.columns = schema.columns();
        this.key = route.key().isEmpty() ? schema.keyColumns() : route.key();
        this.places = key.stream().mapToInt(schema::indexOf).toArray();
        boolean changed = !schema.keyColumns().isEmpty()
                && !Set.copyOf(schema.keyColumns()).equals(Set.copyOf(key));
        this.noKey = changed ? DeadLetterCode.KEY_CHANGED : DeadLetterCode.MISSING_KEY;
        if (key.isEmpty()) {
            whyNoKey = "the records do not name the primary key; give its columns in the pipeline file";
        } else if (changed) {
            whyNoKey = "the table's key is now (" + String.join(", ", schema.keyColumns())
                    + "), and the pipeline file says (" + String.join(", ", key) + "); set one of them right";
        } else {
            whyNoKey = null;
        }
    }

    /** The columns of the rows. */
    RowSchema schema() {
        return schema;
    }

    /** A key, or the reason why there is none. */
    sealed interface Outcome {
        record Found(RowKey key) implements Outcome {}

        record None(DeadLetterCode code, String reason) implements Outcome {}
    }

    Outcome key(@Nullable Object[] values) {
        if (whyNoKey != null) {
            return new Outcome.None(noKey, whyNoKey);
        }
        String[] texts = new String[places.length];
        for (int i = 0; i < places.length; i++) {
            String name = key.get(i);
            if (places[i] < 0) {
                return new Outcome.None(DeadLetterCode.MISSING_KEY, "the row has no key column " + name);
            }
            Object value = values[places[i]];
            if (value == null || value == Unavailable.INSTANCE) {
                return new Outcome.None(DeadLetterCode.MISSING_KEY, "the row has no value in key column " + name);
            }
            if (value == Invalid.VALUE) {
                return new Outcome.None(
                        DeadLetterCode.INVALID_VALUE, "the value of key column " + name + " is none of its type");
            }
            texts[i] = KeyText.of(columns.get(places[i]).type(), value);
        }
        return new Outcome.Found(RowKey.of(route.table(), Arrays.asList(texts)));
    }
}
