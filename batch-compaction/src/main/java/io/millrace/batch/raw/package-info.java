/** Loads landing folders of CSV files, as AWS DMS writes them, into Iceberg tables; start reading at {@link io.millrace.batch.raw.ZoneLoad}. */
package io.millrace.batch.raw;
