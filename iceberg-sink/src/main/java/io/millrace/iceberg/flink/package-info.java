/** The sink as Flink operators: thin shells around the writer and the committer. */
package io.millrace.iceberg.flink;
