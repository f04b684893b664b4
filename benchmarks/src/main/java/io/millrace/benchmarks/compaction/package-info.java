/**
 * Compaction under continuous upserts: our compaction and Iceberg's {@code rewrite_data_files}, each beside the same stream.
 *
 * <p>{@link io.millrace.benchmarks.compaction.CompactionBenchmark} makes the tables and starts the processes.
 */
@NullMarked
package io.millrace.benchmarks.compaction;

import org.jspecify.annotations.NullMarked;
