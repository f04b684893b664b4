/** From the inputs to the rows of a day. */
package io.millrace.batch.mart.compute;
