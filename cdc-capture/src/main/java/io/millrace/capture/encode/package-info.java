/** The encode step: Debezium's records become those of the source's format, one package a format. */
package io.millrace.capture.encode;
