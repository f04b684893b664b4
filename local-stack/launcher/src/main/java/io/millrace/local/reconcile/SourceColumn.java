package io.millrace.local.reconcile;

/**
 * A column of the source table.
 *
 * @param name its name, in the targets as well
 * @param type the kind of its values
 */
record SourceColumn(String name, SourceType type) {}
