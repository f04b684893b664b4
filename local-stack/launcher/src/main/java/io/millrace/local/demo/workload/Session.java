package io.millrace.local.demo.workload;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A lane's connection to one database. Not thread-safe. */
final class Session implements AutoCloseable {
    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    Session(WorkloadConfig.Login database) throws SQLException {
        connection = DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
        connection.setAutoCommit(false);
    }

    Connection connection() {
        return connection;
    }

    int execute(PlannedStatement planned) throws SQLException {
        PreparedStatement statement = prepared.get(planned.sql());
        if (statement == null) {
            statement = connection.prepareStatement(planned.sql());
            prepared.put(planned.sql(), statement);
        }
        int place = 1;
        for (@Nullable Object value : planned.values()) {
            statement.setObject(
                    place++, value instanceof List<?> list ? connection.createArrayOf("text", list.toArray()) : value);
        }
        return statement.executeUpdate();
    }

    void commit() throws SQLException {
        connection.commit();
    }

    void rollback() throws SQLException {
        connection.rollback();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
