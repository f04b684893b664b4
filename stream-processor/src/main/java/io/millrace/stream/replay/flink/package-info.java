/** The replay step as a Flink operator. */
package io.millrace.stream.replay.flink;
