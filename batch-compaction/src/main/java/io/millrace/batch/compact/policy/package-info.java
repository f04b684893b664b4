/** What is worth compacting, and in which order: plain Java that knows neither Iceberg nor Spark. */
package io.millrace.batch.compact.policy;
