/** PostgreSQL, for the source databases and the Iceberg catalog. */
package io.millrace.local.postgres;
