package io.millrace.local.reconcile;

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
    private final String text;
    private int at;

    private PostgresArray(SourceType element, String text, int at) {
        this.element = element;
        this.text = text;
        this.at = at;
    }

    static String canonical(SourceType element, String text) {
        return Canonical.list(elements(element, text));
    }

    /** The canonical texts of the elements. */
    static List<@Nullable String> elements(SourceType element, String text) {
        // Bounds other than from 1 stand before the values: [0:1]={a,b}.
        int start = text.startsWith("[") ? text.indexOf('=') + 1 : 0;
        return new PostgresArray(element, text, start).list();
    }

    private List<@Nullable String> list() {
        List<@Nullable String> elements = new ArrayList<>();
        at++;
        while (text.charAt(at) != '}') {
            if (text.charAt(at) == ',') {
                at++;
            }
            elements.add(element());
        }
        at++;
        return elements;
    }

    private @Nullable String element() {
        char first = text.charAt(at);
        if (first == '{') {
            return Canonical.list(list());
        }
        if (first == '"') {
            return PostgresText.canonical(element, quoted());
        }
        int start = at;
        while (text.charAt(at) != ',' && text.charAt(at) != '}') {
            at++;
        }
        String plain = text.substring(start, at);
        return plain.equals("NULL") ? null : PostgresText.canonical(element, plain);
    }

    private String quoted() {
        StringBuilder value = new StringBuilder();
        at++;
        while (text.charAt(at) != '"') {
            if (text.charAt(at) == '\\') {
                at++;
            }
            value.append(text.charAt(at));
            at++;
        }
        at++;
        return value.toString();
    }
}
