package io.millrace.iceberg;

import java.sql.Driver;
import java.util.Iterator;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JDBC drivers of the class loader that this class is in.
 *
 * <p>{@code java.sql.DriverManager} looks for drivers once in the life of a process, and gives a driver only to the class
 * loader that loaded it. A Flink process runs several: that of the client, and a new one whenever a job starts anew.
 */
final class DatabaseDrivers {

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseDrivers.class);

    private DatabaseDrivers() {}

    /** Loads the drivers, which then register themselves. */
    static void load() {
        Iterator<Driver> drivers = ServiceLoader.load(Driver.class, DatabaseDrivers.class.getClassLoader())
                .iterator();
        try {
            while (drivers.hasNext()) {
                LOG.debug("Loaded {}", drivers.next().getClass());
            }
        } catch (ServiceConfigurationError e) {
            // Of a driver that we may not need; the catalog tells if it misses its own.
            LOG.debug("Cannot load a JDBC driver", e);
        }
    }
}
