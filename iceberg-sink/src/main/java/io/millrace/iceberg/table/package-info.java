/** A table as changes need it: made on first sight, its schema grown with theirs. */
package io.millrace.iceberg.table;
