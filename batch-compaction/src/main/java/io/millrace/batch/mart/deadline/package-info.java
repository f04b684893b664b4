/** Whether the runs will be done in time, and who is told if not. */
package io.millrace.batch.mart.deadline;
