/** Which files there are, in which order they were written, and which are to be loaded. */
package io.millrace.batch.raw.land;
