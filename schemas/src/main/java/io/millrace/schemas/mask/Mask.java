package io.millrace.schemas.mask;

/**
 * What is written in the place of a column's values. A mask works on the canonical text of a value
 * ({@link io.millrace.schemas.event.KeyText}), so it takes columns of every type; all but {@link #NULL} make texts of them.
 */
public enum Mask {
    /** HMAC-SHA-256 of the text under the pipeline's key, in hex: equal values stay equal, in all tables. */
    HASH,
    /** Three asterisks. */
    REDACT,
    /** Keeps a mail address's domain, else the last four digits of more than four. */
    PARTIAL,
    /** Null; the column keeps its type. */
    NULL,
    /** Another text of the same length and the same classes of characters; different values stay different. */
    TOKENIZE_FORMAT;

    /** Whether different values stay different, so that a key column may have this mask. */
    public boolean keepsApart() {
        return this == HASH || this == TOKENIZE_FORMAT;
    }
}
