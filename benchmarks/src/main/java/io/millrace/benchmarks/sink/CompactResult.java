package io.millrace.benchmarks.sink;

import io.millrace.benchmarks.measure.Cost;

/**
 * A table rewritten without deletes.
 *
 * @param snapshot the snapshot that is compact
 * @param metadata the address of the table's metadata with it
 */
public record CompactResult(Cost cost, long snapshot, String metadata) {}
