package io.millrace.schemas.golden;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

/** A database server that golden files are captured from. */
interface GoldenDatabase extends AutoCloseable {
    Connection connect() throws SQLException;

    /** The settings of Debezium's connector. */
    Map<String, String> settings();

    String snapshotScript();

    String streamingScript();

    /** The operation of the last change of the table {@code done}, in Debezium's letter. */
    String lastOperation();
}
