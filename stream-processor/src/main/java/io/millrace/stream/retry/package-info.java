/** Trying again what may succeed later. */
package io.millrace.stream.retry;
