/** Finds live rows in the table itself: to build the index, and to follow rows that others have moved. */
package io.millrace.iceberg.scan;
