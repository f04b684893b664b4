/** Compaction of Iceberg tables on Spark: {@link io.millrace.batch.compact.CompactJob} is the main. */
package io.millrace.batch.compact;
