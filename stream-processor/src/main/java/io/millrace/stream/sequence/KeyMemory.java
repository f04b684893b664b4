package io.millrace.stream.sequence;

import org.jspecify.annotations.Nullable;

/** What is remembered of a change's key; each part is asked for only if the decision needs it. */
public interface KeyMemory {

    /** The last applied change; null if the key is new, or forgotten. */
    @Nullable
    KeyHistory history();

    /** The values that are kept with the history; null if there are none. */
    @Nullable
    KeptValues keptValues();

    /** Whether a change of this {@link ChangeIdentity identity} was applied within the deduplication window. */
    boolean saw(long identity);
}
