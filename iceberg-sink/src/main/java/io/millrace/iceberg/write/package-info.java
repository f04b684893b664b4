/** From changes to data files: the last change of each key per flush, written where the index then says. */
package io.millrace.iceberg.write;
