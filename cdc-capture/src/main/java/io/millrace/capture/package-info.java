/** Captures the changes of a database and publishes them to a stream: main and wiring. */
package io.millrace.capture;
