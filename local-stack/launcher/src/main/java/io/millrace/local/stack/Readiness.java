package io.millrace.local.stack;

import java.net.URI;

/** How a component shows that it answers. */
sealed interface Readiness {

    /** It makes a file, which the environment variable {@code MILLRACE_READY_FILE} names. */
    record ReadyFile() implements Readiness {}

    /** It answers a request with 200. */
    record Answers(URI address) implements Readiness {}
}
