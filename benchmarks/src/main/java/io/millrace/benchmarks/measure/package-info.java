/** Time, processor time and memory of this process. Knows the JDK and nothing else, so that every engine's process can use it. */
@NullMarked
package io.millrace.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
