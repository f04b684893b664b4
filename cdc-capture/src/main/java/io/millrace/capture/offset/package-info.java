/** Offsets: how far the source is on the stream, kept in object storage. */
package io.millrace.capture.offset;
