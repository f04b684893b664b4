/** The job: {@link io.millrace.stream.IngestionTopology} shows the whole route of a change. */
package io.millrace.stream;
