/** Kinesis: records packed by shard, each shard at its own pace. */
package io.millrace.capture.publish.kinesis;
