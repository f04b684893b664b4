/** The encode step: Debezium's records become Avro in the frame of the Glue Schema Registry. */
package io.millrace.capture.encode;
