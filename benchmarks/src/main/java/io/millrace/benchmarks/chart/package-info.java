/** Plots as SVG, drawn by hand: no library, no fonts of its own, the same bytes for the same data. */
@NullMarked
package io.millrace.benchmarks.chart;

import org.jspecify.annotations.NullMarked;
