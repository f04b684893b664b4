/** What is left to do after a compaction: each step finds its work in the table, so that it can be killed and run again. */
package io.millrace.batch.compact.upkeep;
