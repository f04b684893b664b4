/** A single OpenSearch node. */
package io.millrace.local.opensearch;
