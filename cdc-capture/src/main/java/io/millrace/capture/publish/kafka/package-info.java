/** Kafka: an idempotent producer, which packs and orders by itself. */
package io.millrace.capture.publish.kafka;
