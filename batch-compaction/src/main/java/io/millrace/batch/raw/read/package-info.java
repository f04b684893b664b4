/** The tasks that read files: once to look at them, once to load them. */
package io.millrace.batch.raw.read;
