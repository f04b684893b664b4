/** How fast the decoders are. */
package io.millrace.benchmarks.decode;
