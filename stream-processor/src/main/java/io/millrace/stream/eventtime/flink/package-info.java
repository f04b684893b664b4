/** Event time as Flink's watermarks. */
package io.millrace.stream.eventtime.flink;
