/** What the Iceberg tables of a pipeline consist of. */
package io.millrace.local.iceberg;
