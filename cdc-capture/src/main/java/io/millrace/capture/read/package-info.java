/** The read step: Debezium's engine reads the database's changes, and each batch goes through encode and publish. */
package io.millrace.capture.read;
