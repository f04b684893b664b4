/** The steps of benchmarks that Spark does. */
@NullMarked
package io.millrace.benchmarks.spark;

import org.jspecify.annotations.NullMarked;
