/** The publish step: encoded changes go to the shards of a stream, each key's in order, each at least once. */
package io.millrace.capture.publish;
