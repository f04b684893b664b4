package io.millrace.benchmarks.sink;

/** Something that reads one snapshot of the benchmark's table. Answers are checked, so that nobody is fast by being wrong. */
public interface ReadEngine {

    /** Reads every column of every row. */
    History.Totals scan() throws Exception;

    /** Reads every column of the rows of some data files, evenly chosen, and returns the share of the files that they are. */
    double sampledScan() throws Exception;

    /** The sum of the amounts over all groups of "amount and number of rows by status". */
    long aggregate() throws Exception;

    /** The number of rows with this id, all their columns being read. */
    long lookUp(long id) throws Exception;
}
