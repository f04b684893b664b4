package io.millrace.local.process;

/**
 * A local server's command line: its options are picocli fields of the implementing class.
 *
 * @see ServerProcess#main
 */
public interface ServerCommand {

    /** The server's name as people read it, such as {@code OpenSearch}. */
    String title();

    /**
     * Starts the server and returns when it answers.
     *
     * @return what stops the server; closed once, at the end of the process
     * @throws CannotStart if the reason is one that the user can act on
     * @throws Exception if it does not start for any other reason
     */
    AutoCloseable start() throws Exception;
}
