package io.millrace.local.demo.workload;

import java.util.Map;

/**
 * What to do to which databases.
 *
 * @param databases where the tables of {@value #LOGISTICS} and {@value #HELPDESK} are; may be one and the same
 * @param rate row changes in a second
 * @param lanes connections to each database that work side by side
 * @param seed the same seed makes the same plans, except for what depends on the order of the lanes
 */
public record WorkloadConfig(Map<String, Login> databases, double rate, int lanes, long seed) {
    /** The source with the tables of {@code pipelines/logistics.sql}. */
    public static final String LOGISTICS = "logistics";

    /** The source with the tables of {@code pipelines/helpdesk.sql}. */
    public static final String HELPDESK = "helpdesk";

    public WorkloadConfig {
        if (!(rate > 0) || lanes < 1) {
            throw new IllegalArgumentException("Cannot work at a rate of " + rate + " with " + lanes + " connections");
        }
        if (!databases.containsKey(LOGISTICS) || !databases.containsKey(HELPDESK)) {
            throw new IllegalArgumentException("Cannot work without databases: there are " + databases.keySet());
        }
        databases = Map.copyOf(databases);
    }

    /** Work on a database that has all tables. */
    public static WorkloadConfig inOneDatabase(Login database, double rate, int lanes, long seed) {
        return new WorkloadConfig(Map.of(LOGISTICS, database, HELPDESK, database), rate, lanes, seed);
    }

    /**
     * A database, and who works on it.
     *
     * @param jdbcUrl the database
     * @param user who works on it
     * @param password the user's password
     */
    public record Login(String jdbcUrl, String user, String password) {

        /** Leaves out the password. */
        @Override
        public String toString() {
            return jdbcUrl;
        }
    }

    Login database(String source) {
        Login database = databases.get(source);
        if (database == null) {
            throw new IllegalArgumentException("Cannot find a database for: " + source);
        }
        return database;
    }
}
