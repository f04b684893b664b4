package io.millrace.stream.sequence;

/**
 * The newest truncation of a table, as a subtask of the sequence step remembers it.
 *
 * @param table the table's full name
 * @param floor the truncation
 * @param swept whether the subtask has removed all rows below it that it knew of
 */
public record TableFloor(String table, Floor floor, boolean swept) {}
