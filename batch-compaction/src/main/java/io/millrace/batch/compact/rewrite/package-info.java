/**
 * Rewrites a group of data files, and brings the result into a table that has moved on meanwhile.
 *
 * <p>{@link io.millrace.batch.compact.rewrite.TableFiles} looks, {@link io.millrace.batch.compact.rewrite.GroupRewriter}
 * reads and writes with Spark, {@link io.millrace.batch.compact.rewrite.GroupCommitter} commits. The argument for its
 * correctness is docs/decisions/0009-compaction-that-does-not-lose.md.
 */
package io.millrace.batch.compact.rewrite;
