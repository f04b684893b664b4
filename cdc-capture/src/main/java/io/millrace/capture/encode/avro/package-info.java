/** Debezium's envelopes in Avro, in the frame of the Glue Schema Registry. */
package io.millrace.capture.encode.avro;
