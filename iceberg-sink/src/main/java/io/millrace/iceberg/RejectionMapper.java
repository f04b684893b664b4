package io.millrace.iceberg;

import java.io.Serializable;

/**
 * Makes of a rejected change what its caller keeps of it, such as a dead letter.
 *
 * @param <T> a change
 * @param <R> what is kept of a rejected one
 */
@FunctionalInterface
public interface RejectionMapper<T, R> extends Serializable {

    /** Called once for each rejected change, in the task that rejects it. */
    R map(T change, Rejection rejection);
}
