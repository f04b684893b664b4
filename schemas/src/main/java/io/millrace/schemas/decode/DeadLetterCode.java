package io.millrace.schemas.decode;

/** Why a record was not applied; stable names, for counting, grouping and explaining dead letters. */
public enum DeadLetterCode {
    /** The bytes are not in the format that the pipeline file names for the source. */
    MALFORMED,
    /** The schema registry does not know the record's schema. */
    UNKNOWN_SCHEMA,
    /** The record's schema is of no shape that a change event has. */
    UNSUPPORTED_SCHEMA,
    /** A value is outside of what its column's type can hold. */
    INVALID_VALUE,
    /** A key column is missing or null. */
    MISSING_KEY,
    /** The source's key is not the one by which the pipeline knows the table's rows. */
    KEY_CHANGED,
    /** The operation is none that can be applied to a row. */
    UNSUPPORTED_OPERATION,
    /** The source emptied the whole table at once. */
    TABLE_TRUNCATED,
    /** The source left out an unchanged value, and the previous one is not known any more. */
    UNAVAILABLE_VALUE,
    /** The source committed the change, by its clock, well after the transport had it. */
    FUTURE_TIMESTAMP,
    /** The change came after the watermark by more than its table's allowed lateness. */
    LATE,
    /** The change breaks a rule of its table; the reason names it. */
    RULE_BROKEN,
    /** No record: a table had unusually many or few changes in a minute. */
    UNUSUAL_VOLUME,
    /** The row has no column of a name that is to be masked, so something might show that is to be hidden. */
    NOT_MASKED,
    /** The bytes were too large for the stream and are not where the claim check says. */
    CLAIM_NOT_FOUND,
    /** The row does not fit the target table, and the table cannot be changed to fit it. */
    INCOMPATIBLE_SCHEMA,
    /** The search index refused the document. */
    DOCUMENT_REFUSED
}
