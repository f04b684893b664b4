package io.millrace.local.demo.workload;

import io.millrace.local.demo.workload.Company.Customer;
import io.millrace.local.demo.workload.Company.Shipment;
import io.millrace.local.demo.workload.Company.Ticket;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** Reads what is in the database, so that a workload can begin, or go on, on whatever it finds. */
final class CompanyReader {

    private CompanyReader() {}

    static Company read(Connection logistics, Connection helpdesk, Lane lane) throws SQLException {
        Company company = new Company(lane);
        company.reserveIds(
                greatest(logistics, "SELECT max(customer_id) FROM customers"),
                greatest(helpdesk, "SELECT max(ticket_id) FROM tickets"));
        try (PreparedStatement select =
                        ofLane(logistics, lane, "SELECT customer_id FROM customers WHERE %s ORDER BY created_at");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                company.add(new Customer(row.getLong(1)));
            }
        }
        Map<UUID, Shipment> shipments = readShipments(logistics, company);
        try (PreparedStatement select = ofLane(
                        helpdesk,
                        lane,
                        "SELECT ticket_id, customer_id, shipment_id, status FROM tickets WHERE %s ORDER BY opened_at");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                // The helpdesk also keeps the tickets of customers that are gone.
                Customer customer = company.customer(row.getLong(2));
                if (customer != null) {
                    company.add(new Ticket(
                            customer, shipments.get(row.getObject(3, UUID.class)), row.getLong(1), row.getString(4)));
                }
            }
        }
        return company;
    }

    private static Map<UUID, Shipment> readShipments(Connection connection, Company company) throws SQLException {
        Map<UUID, Shipment> shipments = new HashMap<>();
        try (PreparedStatement select = ofLane(
                        connection,
                        company.lane,
                        "SELECT shipment_id, customer_id, s.status, count(event_no), coalesce(max(event_no), 0)"
                                + " FROM shipments s LEFT JOIN shipment_events USING (shipment_id) WHERE %s"
                                + " GROUP BY shipment_id ORDER BY s.created_at");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                Shipment shipment = new Shipment(
                        Objects.requireNonNull(company.customer(row.getLong(2))),
                        row.getObject(1, UUID.class),
                        row.getString(3),
                        row.getInt(4),
                        row.getInt(5));
                company.add(shipment);
                shipments.put(shipment.id, shipment);
            }
        }
        return shipments;
    }

    private static long greatest(Connection connection, String sql) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql);
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private static PreparedStatement ofLane(Connection connection, Lane lane, String sql) throws SQLException {
        PreparedStatement select = connection.prepareStatement(sql.formatted("customer_id % ? = ?"));
        select.setInt(1, lane.lanes());
        select.setInt(2, lane.number());
        return select;
    }
}
