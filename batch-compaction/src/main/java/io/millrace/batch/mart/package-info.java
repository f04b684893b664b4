/** Tables that are computed from others, a day at a time: start at {@link io.millrace.batch.mart.MartRun}. */
package io.millrace.batch.mart;
