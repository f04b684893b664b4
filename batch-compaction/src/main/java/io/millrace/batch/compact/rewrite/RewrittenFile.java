package io.millrace.batch.compact.rewrite;

import java.io.Serializable;
import org.apache.iceberg.DataFile;

/**
 * A data file that a task has written.
 *
 * @param file the file
 * @param origins the address of its {@link RowOrigins}
 */
record RewrittenFile(DataFile file, String origins) implements Serializable {}
