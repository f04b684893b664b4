package io.millrace.local.reconcile;

import io.millrace.local.reconcile.SourceType.AsBytes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the text of a PostgreSQL array.
 *
 * @see <a href="https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO">Array input and output syntax</a>
 */
final class PostgresArray {
    private final SourceType element;
    private final TextCursor cursor;
    private final char delimiter;

    private PostgresArray(SourceType element, TextCursor cursor) {
        this.element = element;
        this.cursor = cursor;
        this.delimiter = element == AsBytes.BOX ? ';' : ',';
    }

    static String canonical(SourceType element, String text) {
        return Canonical.list(elements(element, text));
    }

    /** The canonical texts of the elements. */
    static List<@Nullable String> elements(SourceType element, String text) {
        // Bounds other than from 1 stand before the values: [0:1]={a,b}.
        int start = text.startsWith("[") ? text.indexOf('=') + 1 : 0;
        return new PostgresArray(element, new TextCursor(text, start)).list();
    }

    private List<@Nullable String> list() {
        List<@Nullable String> elements = new ArrayList<>();
        cursor.skip(1);
        while (!cursor.isAt('}')) {
            if (cursor.isAt(delimiter)) {
                cursor.skip(1);
            }
            elements.add(element());
        }
        cursor.skip(1);
        return elements;
    }

    private @Nullable String element() {
        if (cursor.isAt('{')) {
            return Canonical.list(list());
        }
        if (cursor.isAt('"')) {
            return PostgresText.canonical(element, cursor.quoted());
        }
        String plain = cursor.until(delimiter, '}');
        return plain.equals("NULL") ? null : PostgresText.canonical(element, plain);
    }
}
