/** The mask step as a Flink operator. */
package io.millrace.stream.mask.flink;
