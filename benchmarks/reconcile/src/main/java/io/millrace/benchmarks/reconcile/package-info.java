/** Reconciliation of many rows: by checksums, and row by row. */
package io.millrace.benchmarks.reconcile;
