/** The decode step: bytes of any accepted format become change events, or a rejection with a code. */
package io.millrace.schemas.decode;
