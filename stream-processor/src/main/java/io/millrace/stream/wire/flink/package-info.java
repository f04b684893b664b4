/** Flink's serializers and types over the wire formats. */
package io.millrace.stream.wire.flink;
