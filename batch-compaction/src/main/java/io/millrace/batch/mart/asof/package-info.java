/** Which snapshots of the inputs hold the end of a day. */
package io.millrace.batch.mart.asof;
