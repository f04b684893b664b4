/** The search index as a Flink sink. */
package io.millrace.stream.sink.opensearch.flink;
