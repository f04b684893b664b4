package io.millrace.stream.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.event.RowSchema;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Rows go into all targets of their table or into none. */
class SchemaFitTest {
    private final Memory lake = new Memory("lake");
    private final Memory index = new Memory("index");
    private final SchemaFit fit = new SchemaFit(List.of(lake, index));

    @Test
    void allTargetsAreMadeToFit() throws Exception {
        assertThat(fit.refusal("t", schema("a", Primitive.INT32), 0)).isNull();

        assertThat(lake.columns).containsEntry("t.a", Primitive.INT32);
        assertThat(index.columns).containsEntry("t.a", Primitive.INT32);
    }

    @Test
    void whatOneTargetRefusesChangesNone() throws Exception {
        index.columns.put("t.a", Primitive.STRING);

        assertThat(fit.refusal("t", schema("a", Primitive.INT32), 0)).isEqualTo("index has t.a as STRING");
        assertThat(lake.columns).isEmpty();
    }

    @Test
    void otherTablesFlowOn() throws Exception {
        lake.columns.put("t.a", Primitive.STRING);

        assertThat(fit.refusal("t", schema("a", Primitive.INT32), 0)).isNotNull();
        assertThat(fit.refusal("u", schema("a", Primitive.INT32), 0)).isNull();
        assertThat(fit.refusal("t", schema("a", Primitive.STRING), 0)).isNull();
    }

    @Test
    void whatFitsIsAskedOnce() throws Exception {
        RowSchema schema = schema("a", Primitive.INT32);
        for (int i = 0; i < 100; i++) {
            fit.refusal("t", schema, i * 60_000L);
        }

        assertThat(lake.questions).isEqualTo(2);
    }

    @Test
    void whatIsRefusedIsAskedAgainAfterAWhileAndFlowsOnceItIsMended() throws Exception {
        RowSchema schema = schema("a", Primitive.INT32);
        lake.columns.put("t.a", Primitive.STRING);
        assertThat(fit.refusal("t", schema, 0)).isNotNull();
        lake.columns.remove("t.a");

        assertThat(fit.refusal("t", schema, SchemaFit.REFUSAL_MILLIS - 1)).isNotNull();
        assertThat(fit.refusal("t", schema, SchemaFit.REFUSAL_MILLIS)).isNull();
    }

    @Test
    void aTargetThatDoesNotAnswerIsNoVerdict() throws Exception {
        RowSchema schema = schema("a", Primitive.INT32);
        index.away = true;
        assertThatThrownBy(() -> fit.refusal("t", schema, 0)).isInstanceOf(IOException.class);
        index.away = false;

        assertThat(fit.refusal("t", schema, 0)).isNull();
    }

    private static RowSchema schema(String column, ColumnType type) {
        return new RowSchema(List.of(new Column(column, type, true)));
    }

    /** A target that takes one type a column. */
    private static final class Memory implements TargetTables {
        private final String name;
        private final Map<String, ColumnType> columns = new HashMap<>();
        private int questions;
        private boolean away;

        Memory(String name) {
            this.name = name;
        }

        @Override
        public boolean holdsRows(String table) {
            return false;
        }

        @Override
        public @Nullable String refusal(String table, RowSchema schema) throws IOException {
            questions++;
            if (away) {
                throw new IOException("away");
            }
            for (Column column : schema.columns()) {
                ColumnType type = columns.get(table + "." + column.name());
                if (type != null && !type.equals(column.type())) {
                    return name + " has " + table + "." + column.name() + " as " + type;
                }
            }
            return null;
        }

        @Override
        public @Nullable String fit(String table, RowSchema schema) throws IOException {
            String refusal = refusal(table, schema);
            if (refusal == null) {
                schema.columns().forEach(column -> columns.put(table + "." + column.name(), column.type()));
            }
            return refusal;
        }

        @Override
        public void close() {}
    }
}
