package io.millrace.schemas.pipeline;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A database that the capture reads.
 *
 * @param kind the product
 * @param host its address; null for the local stack's own server
 * @param port its port; 0 for the local stack's own server
 * @param name the database's name
 * @param user who reads it; needs the right to replicate
 * @param password the user's password
 * @param init a script, relative to the pipeline file, that the local stack runs once in a database that it creates
 */
public record Database(
        Kind kind,
        @Nullable String host,
        int port,
        String name,
        String user,
        Secret password,
        @Nullable String init) implements Serializable {

    /** A database product. */
    public enum Kind {
        POSTGRESQL
    }
}
