package io.millrace.local.reconcile;

/** What kind of values a source column has, as far as it matters for comparing them. */
sealed interface SourceType {

    /** A type without elements that the targets have, too. */
    enum Scalar implements SourceType {
        BOOLEAN,
        INTEGER,
        REAL,
        DOUBLE,
        NUMERIC,
        /** A number of any digits, which the targets have as a text; zeros behind its last digit do not count. */
        FREE_NUMERIC,
        BYTES,
        DATE,
        TIME,
        TIME_TZ,
        TIMESTAMP,
        TIMESTAMP_TZ,
        UUID,
        INTERVAL,
        HSTORE,
        /** Enums, JSON, all texts, and whatever the targets hold as a text. */
        TEXT
    }

    /** A type of which the targets have bytes. */
    enum AsBytes implements SourceType {
        /** The bytes of bits, the least first. */
        BITS,
        /** A point's well-known binary. */
        POINT,
        /** The text of two points; arrays have a semicolon between them. */
        BOX,
        /** The text of another figure made of points. */
        SHAPE,
        /** The text of a value of any other type. */
        TEXT
    }

    /** An array; elements may be null. */
    record Array(SourceType element) implements SourceType {}

    /** The type that the targets' values are of. */
    default SourceType inTargets() {
        if (this instanceof Array array) {
            return new Array(array.element().inTargets());
        }
        return this instanceof AsBytes ? Scalar.BYTES : this;
    }
}
