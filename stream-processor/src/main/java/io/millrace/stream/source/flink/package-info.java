/** The source step: Kinesis's records, with their coordinates, into the job. */
package io.millrace.stream.source.flink;
