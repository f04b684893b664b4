/** Counts what became of every record, per source and table, as Flink metrics. */
package io.millrace.stream.accounting.flink;
