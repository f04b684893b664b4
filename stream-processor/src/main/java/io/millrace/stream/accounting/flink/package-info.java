/** The books in Flink's state, and as its metrics. */
package io.millrace.stream.accounting.flink;
