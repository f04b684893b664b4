/** Kafka on one machine. */
package io.millrace.local.kafka;
