/** From bytes to lines, and from lines to named values. */
package io.millrace.batch.raw.csv;
