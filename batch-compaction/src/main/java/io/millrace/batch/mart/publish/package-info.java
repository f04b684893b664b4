/** From the rows of a day to a table that readers see. */
package io.millrace.batch.mart.publish;
