package io.millrace.batch.mart.deadline;

import java.util.List;

/** Tells people. An alert that cannot be sent is logged, and never fails the run. */
public interface Alerts {

    /**
     * Sends one alert.
     *
     * @param text what happened, in a sentence or two
     * @param marts the tables that it is about
     */
    void send(String text, List<String> marts);
}
