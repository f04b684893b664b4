/**
 * Our upsert sink beside Iceberg's own. Start at {@link io.millrace.benchmarks.sink.SinkBenchmark}; each {@code …Step} is the
 * main class of a process that does one measurement.
 */
@NullMarked
package io.millrace.benchmarks.sink;

import org.jspecify.annotations.NullMarked;
