/** The page {@code docs/benchmarks.md}: prose by hand, tables by the benchmarks. */
@NullMarked
package io.millrace.benchmarks.page;

import org.jspecify.annotations.NullMarked;
