/** The decode step as a Flink operator. */
package io.millrace.stream.decode.flink;
