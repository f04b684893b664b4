/** The search index: rows become documents, in bulk, with the change's version as the document's. */
package io.millrace.stream.sink.opensearch;
