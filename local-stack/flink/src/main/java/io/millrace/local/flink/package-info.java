/** The local Flink process: a cluster, its web UI and the ingestion job. */
package io.millrace.local.flink;
