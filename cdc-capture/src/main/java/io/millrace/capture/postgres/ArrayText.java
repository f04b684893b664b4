package io.millrace.capture.postgres;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An array as PostgreSQL writes it: {@code {1 day,NULL,"a \"quoted\" one"}}, or {@code [0:1]={a,b}} if it does not begin at 1. */
final class ArrayText {
    private final String text;
    private int at;

    private ArrayText(String text) {
        this.text = text;
        this.at = text.indexOf('{');
    }

    /**
     * The texts of the elements, null for those that are NULL. An array of several dimensions has nulls for its elements, as Debezium
     * reads other arrays.
     *
     * @throws IllegalArgumentException if the text is not that of an array
     */
    static List<@Nullable String> elements(String text) {
        try {
            return new ArrayText(text).elements();
        } catch (StringIndexOutOfBoundsException e) {
            throw new IllegalArgumentException(
                    "Cannot read as an array: a text of " + text.length() + " characters", e);
        }
    }

    private List<@Nullable String> elements() {
        List<@Nullable String> elements = new ArrayList<>();
        at++;
        while (text.charAt(at) != '}') {
            elements.add(element());
            if (text.charAt(at) == ',') {
                at++;
            }
        }
        at++;
        return elements;
    }

    private @Nullable String element() {
        if (text.charAt(at) == '{') {
            elements();
            return null;
        }
        if (text.charAt(at) == '"') {
            return quoted();
        }
        int start = at;
        while (text.charAt(at) != ',' && text.charAt(at) != '}') {
            at++;
        }
        String plain = text.substring(start, at);
        return plain.equals("NULL") ? null : plain;
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
