package io.millrace.stream.sink.opensearch;

/** What became of a bulk item. */
public sealed interface ItemResult {

    /** The index is as the item says. */
    record Done() implements ItemResult {}

    /** The index has this or a newer version of the document already. */
    record Stale() implements ItemResult {}

    /** The cluster could not take it now: the same item may be taken later. */
    record Busy(String reason) implements ItemResult {}

    /**
     * The index does not take the document, now or later.
     *
     * @param reason why, without the document's contents
     */
    record Refused(String reason) implements ItemResult {}

    /** The index is not there, or it may not be written: nothing that another try would change. */
    record Impossible(String reason) implements ItemResult {}
}
