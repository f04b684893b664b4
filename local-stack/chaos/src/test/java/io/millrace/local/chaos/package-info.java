/** The Iceberg sink under faults: real servers and processes that are killed and cut off, and every snapshot read. */
package io.millrace.local.chaos;
