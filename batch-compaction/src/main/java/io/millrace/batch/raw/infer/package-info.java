/** What columns hold, judged by their values, and what has to be done to the table to hold them. */
package io.millrace.batch.raw.infer;
