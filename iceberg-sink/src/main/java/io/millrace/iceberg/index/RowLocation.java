package io.millrace.iceberg.index;

/**
 * The place of a live row.
 *
 * @param file the number of the row's data file in the {@link FileTable}
 * @param position the row's ordinal in the file, from 0
 */
public record RowLocation(long file, long position) {}
