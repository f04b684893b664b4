package io.millrace.local.demo.workload;

/**
 * What to do to which database.
 *
 * @param jdbcUrl the database with the tables of {@code pipelines/logistics.sql}
 * @param user who works on it
 * @param password the user's password
 * @param rate row changes in a second
 * @param lanes connections that work side by side
 * @param seed the same seed makes the same plans, except for what depends on the order of the lanes
 */
public record WorkloadConfig(String jdbcUrl, String user, String password, double rate, int lanes, long seed) {

    public WorkloadConfig {
        if (!(rate > 0) || lanes < 1) {
            throw new IllegalArgumentException("Cannot work at a rate of " + rate + " with " + lanes + " connections");
        }
    }

    /** Leaves out the password. */
    @Override
    public String toString() {
        return "WorkloadConfig[" + jdbcUrl + ", rate=" + rate + ", lanes=" + lanes + ", seed=" + seed + "]";
    }
}
