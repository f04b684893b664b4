/** Debezium's envelopes in JSON. */
package io.millrace.capture.encode.json;
