/** An upsert sink for Iceberg tables that never writes equality deletes; knows Flink and Iceberg, and nothing of Millrace. */
package io.millrace.iceberg;
