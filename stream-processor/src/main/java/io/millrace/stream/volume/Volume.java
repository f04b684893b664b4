package io.millrace.stream.volume;

/** How a minute's changes compare with those of the minutes before it. */
public enum Volume {
    /** As rules have it. */
    USUAL,
    /** Fewer than the rule's part of the average. */
    TOO_FEW,
    /** More than the rule's multiple of the average. */
    TOO_MANY
}
