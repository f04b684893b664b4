package io.millrace.stream.sequence;

import io.millrace.schemas.event.SourcePosition;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a key: the last change that was applied.
 *
 * @param position its position; null if no applied change had one
 * @param version its version in the targets
 * @param deleted whether it was a delete: the key's tombstone, which still outranks older changes
 * @param keepsValues whether there are {@link KeptValues} of the row
 */
public record KeyHistory(@Nullable SourcePosition position, long version, boolean deleted, boolean keepsValues) {}
