/**
 * Compares source and targets row by row, all columns, for any pipeline file.
 *
 * <p>What a target must hold is derived from the source's own texts of its values, on a way that shares nothing with the
 * pipeline: what both did wrong in the same manner would not be seen.
 */
package io.millrace.local.reconcile;
