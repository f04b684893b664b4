/** Dead letters as Flink operators. */
package io.millrace.stream.deadletter.flink;
