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
 * @param serverId as whom the capture reads a MariaDB server's binary log; 0 for a number made of its names
 */
public record Database(
        Kind kind,
        @Nullable String host,
        int port,
        String name,
        String user,
        Secret password,
        @Nullable String init,
        int serverId)
        implements Serializable {

    /** A database whose capture reads under a number of its own making, if it needs one. */
    public Database(
            Kind kind,
            @Nullable String host,
            int port,
            String name,
            String user,
            Secret password,
            @Nullable String init) {
        this(kind, host, port, name, user, password, init, 0);
    }

    /** A database product. */
    public enum Kind {
        /** Its tables are {@code schema.table}. */
        POSTGRESQL("postgresql", 5432),
        /** Its tables are {@code database.table}. */
        MARIADB("mariadb", 3306);

        private final String protocol;
        private final int standardPort;

        Kind(String protocol, int standardPort) {
            this.protocol = protocol;
            this.standardPort = standardPort;
        }

        /** The port that servers of this product listen on if nobody says otherwise. */
        public int standardPort() {
            return standardPort;
        }

        /** The JDBC address of a database. */
        public String jdbcUrl(String host, int port, String database) {
            return "jdbc:%s://%s:%s/%s".formatted(protocol, host, port, database);
        }
    }
}
