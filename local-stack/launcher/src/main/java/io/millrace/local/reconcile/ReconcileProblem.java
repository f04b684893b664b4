package io.millrace.local.reconcile;

import org.jspecify.annotations.Nullable;

/** The comparison cannot be made; the message tells the user why and what to do. */
public final class ReconcileProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ReconcileProblem(String message) {
        super(message);
    }

    ReconcileProblem(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
