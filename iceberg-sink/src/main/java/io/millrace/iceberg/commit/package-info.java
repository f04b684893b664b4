/** From what the writers report for a checkpoint to one atomic snapshot per table. */
package io.millrace.iceberg.commit;
