package io.millrace.batch;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/** Runs a job as {@code spark-submit} starts it, and ends the process with the job's exit code. */
public final class SparkMain {

    private SparkMain() {}

    /** A job's own part. */
    public interface Job {
        /**
         * Runs the job.
         *
         * @param out takes plan and result, and nothing else
         * @param err takes what went wrong
         * @param session the Spark session, to be asked for once arguments and files are known to be right
         * @return the exit code
         */
        int run(PrintWriter out, PrintWriter err, Supplier<SparkSession> session) throws InterruptedException;
    }

    /**
     * Runs a job.
     *
     * @param name its name in Spark's UI
     */
    public static void run(String name, Job job) throws InterruptedException {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int exitCode;
        try {
            exitCode =
                    job.run(out, err, () -> SparkSession.builder().appName(name).getOrCreate());
        } finally {
            SparkSession.getDefaultSession().foreach(session -> {
                session.stop();
                return null;
            });
        }
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }
}
