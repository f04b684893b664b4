/** The lakehouse: how the Iceberg sink reads row changes. */
package io.millrace.stream.sink.iceberg;
