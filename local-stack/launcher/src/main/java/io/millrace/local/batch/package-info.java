/** The batch jobs on this machine: Spark in a process of its own, against the servers of a running stack. */
package io.millrace.local.batch;
