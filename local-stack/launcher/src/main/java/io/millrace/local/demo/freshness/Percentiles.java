package io.millrace.local.demo.freshness;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.HdrHistogram.Histogram;

/**
 * What many measurements have in common, in milliseconds; all zero without measurements.
 *
 * @param count how many there were
 */
public record Percentiles(
        @JsonProperty("p50") long p50,
        @JsonProperty("p95") long p95,
        @JsonProperty("max") long max,
        @JsonProperty("count") long count) {

    /** Of no measurement. */
    public static final Percentiles NONE = new Percentiles(0, 0, 0, 0);

    static Percentiles of(Histogram histogram) {
        return new Percentiles(
                histogram.getValueAtPercentile(50),
                histogram.getValueAtPercentile(95),
                histogram.getMaxValue(),
                histogram.getTotalCount());
    }
}
