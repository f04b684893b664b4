/** Changes as AWS DMS writes them to Kinesis and Kafka. */
package io.millrace.capture.encode.dms;
