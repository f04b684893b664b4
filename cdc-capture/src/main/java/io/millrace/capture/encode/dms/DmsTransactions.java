package io.millrace.capture.encode.dms;

import org.jspecify.annotations.Nullable;

/** Counts the records of each transaction, which a source tells one after the other. */
final class DmsTransactions {
    private @Nullable Place last;

    /**
     * A record's place.
     *
     * @param transaction the transaction's number
     * @param record its place in the transaction, from 1; from where reading began, if that was within the transaction
     * @param before the place of the record before; null for the first
     */
    record Place(long transaction, long record, @Nullable Place before) {
        private Place alone() {
            return new Place(transaction, record, null);
        }
    }

    /** The place of the next record. */
    Place next(long transaction) {
        Place before = last;
        long record = before != null && before.transaction == transaction ? before.record + 1 : 1;
        Place place = new Place(transaction, record, before == null ? null : before.alone());
        last = place;
        return place;
    }
}
