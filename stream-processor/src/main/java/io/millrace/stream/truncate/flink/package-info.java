/** The truncate step: lets the truncations of tables pass whose rows are all known to the job. */
package io.millrace.stream.truncate.flink;
