/** Event time: how far each shard of a stream has come in the source's own time. */
package io.millrace.stream.eventtime;
