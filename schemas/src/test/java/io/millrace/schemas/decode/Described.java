package io.millrace.schemas.decode;

import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.KeyText;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.Unavailable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a decoder made of a record, written down for golden files. */
final class Described {
    private Described() {}

    static void describe(Decoding decoding, StringBuilder out) {
        if (decoding instanceof Decoding.Changes changes) {
            changes.events().forEach(event -> describe(event, out));
        } else if (decoding instanceof Decoding.Control control) {
            out.append("control: ").append(control.kind()).append("\n\n");
        } else {
            out.append(decoding).append("\n\n");
        }
    }

    private static void describe(ChangeEvent event, StringBuilder out) {
        out.append(event.operation()).append(' ').append(event.key()).append('\n');
        out.append("  position ").append(event.position());
        out.append(" at ").append(event.eventTimeMicros()).append('\n');
        describe("before", event.before(), out);
        describe("after", event.after(), out);
        out.append('\n');
    }

    private static void describe(String name, @Nullable Row row, StringBuilder out) {
        if (row == null) {
            return;
        }
        List<Column> columns = row.schema().columns();
        List<String> nulls = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            Object value = row.value(i);
            Column column = columns.get(i);
            if (value == null) {
                nulls.add(column.name());
            } else {
                String text = value == Unavailable.INSTANCE ? "UNAVAILABLE" : KeyText.of(column.type(), value);
                out.append("  ").append(name).append(' ').append(column.name()).append(' ');
                out.append(column.type()).append(column.nullable() ? "? = " : " = ");
                out.append(text.length() > 200 ? text.substring(0, 200) + "…" : text)
                        .append('\n');
            }
        }
        if (!nulls.isEmpty()) {
            out.append("  ")
                    .append(name)
                    .append(" null: ")
                    .append(String.join(" ", nulls))
                    .append('\n');
        }
    }
}
