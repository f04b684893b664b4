package io.millrace.batch.compact.rewrite;

/** The inputs of a rewrite are not what they were when they were read: its output must not come into the table. */
final class InputsGone extends Exception {
    private static final long serialVersionUID = 1L;

    InputsGone(String reason) {
        super(reason);
    }
}
