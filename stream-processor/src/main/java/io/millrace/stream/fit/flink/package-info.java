/** The fit step as a Flink function. */
package io.millrace.stream.fit.flink;
