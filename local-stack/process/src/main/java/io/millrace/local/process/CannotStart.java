package io.millrace.local.process;

/** A server does not start, for a reason that the user can act on. */
public final class CannotStart extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * @param message one line: {@code Cannot <verb> <thing>: <value>}, then what to do
     */
    public CannotStart(String message) {
        super(message);
    }

    /**
     * @param message one line: {@code Cannot <verb> <thing>: <value>}, then what to do
     * @param cause what went wrong below
     */
    public CannotStart(String message, Throwable cause) {
        super(message, cause);
    }
}
