/** The lakehouse as a target of the route. */
package io.millrace.stream.sink.iceberg.flink;
