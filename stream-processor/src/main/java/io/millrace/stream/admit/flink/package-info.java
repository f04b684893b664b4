/** The admission step as a Flink operator. */
package io.millrace.stream.admit.flink;
