/** The sequence step as a Flink operator. */
package io.millrace.stream.sequence.flink;
