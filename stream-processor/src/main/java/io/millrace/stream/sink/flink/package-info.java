/** What the route knows of a target. */
package io.millrace.stream.sink.flink;
