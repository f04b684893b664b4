/** What Flink's Prometheus reporter lacks, beside it. */
package org.apache.flink.metrics.prometheus;
