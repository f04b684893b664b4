/** The source step: the records of Kinesis and Kafka, with their coordinates, into the job. */
package io.millrace.stream.source.flink;
