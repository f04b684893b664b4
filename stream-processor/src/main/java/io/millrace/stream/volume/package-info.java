/** How much came in, minute by minute of event time, and whether that is what a table usually has. */
package io.millrace.stream.volume;
