/** How values look in Flink's state and between its operators: compact, self-describing, and independent of Flink. */
package io.millrace.stream.wire;
