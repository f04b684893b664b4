package io.millrace.local.reconcile;

/** Reads a text from left to right, as far as PostgreSQL quotes values inside of others. */
final class TextCursor {
    private final String text;
    private int at;

    TextCursor(String text, int start) {
        this.text = text;
        this.at = start;
    }

    boolean isAtEnd() {
        return at >= text.length();
    }

    /** Whether the next character is this one; nothing is read. */
    boolean isAt(char next) {
        return text.charAt(at) == next;
    }

    void skip(int characters) {
        at += characters;
    }

    /** Reads up to one of two characters. */
    String until(char one, char other) {
        int start = at;
        while (text.charAt(at) != one && text.charAt(at) != other) {
            at++;
        }
        return text.substring(start, at);
    }

    /** Reads what stands between quotes, with a backslash before each quote and backslash in it. */
    String quoted() {
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
