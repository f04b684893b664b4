package io.millrace.schemas.event;

/**
 * A column of a source table as its writer saw it.
 *
 * @param name the column's name in the source
 * @param type the type of its values
 * @param nullable whether a value may be null
 */
public record Column(String name, ColumnType type, boolean nullable) {}
