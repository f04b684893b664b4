/** The decode step: raw records become changes. */
package io.millrace.stream.decode;
