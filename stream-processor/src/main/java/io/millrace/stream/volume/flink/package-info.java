/** The minutes as a part of the job in Flink's Table API. */
package io.millrace.stream.volume.flink;
