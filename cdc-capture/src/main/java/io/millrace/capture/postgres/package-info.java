/** The preflight: everything about the database that would make a capture fail, found before it starts. */
package io.millrace.capture.preflight;
