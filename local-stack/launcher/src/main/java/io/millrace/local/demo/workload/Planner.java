package io.millrace.local.demo.workload;

import io.millrace.local.demo.workload.Company.Customer;
import io.millrace.local.demo.workload.Company.Shipment;
import io.millrace.local.demo.workload.Company.Ticket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Plans the transactions of one lane: mostly shipments that move on, now and then everything else that happens to rows.
 * The same seed and the same company give the same plans.
 *
 * <p>Rows that changed lately are likelier to change again. Everything done to the company's model is done when its
 * transaction is planned, so a plan that is not carried out leaves the model wrong: {@link CompanyReader} makes a new one.
 */
final class Planner {
    /** One transaction in so many is rolled back. */
    private static final int ROLLBACKS = 40;

    private static final int LARGEST_BATCH = 12;

    private final Company company;
    private final Random random;
    private final List<Kind> kinds = List.of(
            new Kind(6, this::registerCustomer),
            new Kind(12, this::changeCustomer),
            new Kind(1, this::rewriteNotes),
            new Kind(1, this::deleteCustomer),
            new Kind(16, this::createShipment),
            new Kind(40, this::moveShipment),
            new Kind(3, this::scanTruck),
            new Kind(6, this::correctShipment),
            new Kind(2, this::filePapers),
            new Kind(2, this::cancelShipment),
            new Kind(1, this::relabelShipment),
            new Kind(2, this::renumberEvent),
            new Kind(8, this::openTicket),
            new Kind(14, this::moveTicket),
            new Kind(2, this::deleteTicket),
            new Kind(1, this::renumberTicket),
            new Kind(1, this::replaceTicket),
            new Kind(1, this::createAndRegret));
    private final int allWeights = kinds.stream().mapToInt(Kind::weight).sum();

    /** What is planned at the moment. */
    private final List<PlannedStatement> statements = new ArrayList<>();

    private record Kind(int weight, Runnable plan) {}

    Planner(Company company, Random random) {
        this.company = company;
        this.random = random;
    }

    /** The next transaction; it changes at least one row. */
    PlannedTransaction next() {
        statements.clear();
        if (random.nextInt(ROLLBACKS) == 0) {
            planRegret();
            return new PlannedTransaction(statements, false);
        }
        while (statements.isEmpty()) {
            drawKind().plan().run();
        }
        return new PlannedTransaction(statements, true);
    }

    private Kind drawKind() {
        int drawn = random.nextInt(allWeights);
        for (Kind kind : kinds) {
            drawn -= kind.weight();
            if (drawn < 0) {
                return kind;
            }
        }
        throw new IllegalStateException("Cannot draw " + drawn + " from " + allWeights);
    }

    // Customers

    private void registerCustomer() {
        Customer customer = new Customer(company.nextCustomerId());
        statements.add(insertCustomer(customer));
        company.add(customer);
    }

    private PlannedStatement insertCustomer(Customer customer) {
        return PlannedStatement.of(
                LogisticsTable.CUSTOMERS,
                RowOperation.INSERT,
                1,
                "INSERT INTO customers (customer_id, name, email, phone, country, address, tags, credit_limit, discount,"
                        + " business, born_on, notes) VALUES (?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?, ?, ?)",
                customer.id,
                Texts.name(random),
                "customer" + customer.id + "@example.org",
                random.nextBoolean() ? null : "+49 30 " + random.nextInt(1_000_000),
                Texts.pick(random, List.of("DE", "DK", "JP", "EG", "X", "")),
                Values.json(random),
                Values.list(random),
                Values.amount(random),
                Values.reading(random),
                random.nextBoolean(),
                Values.date(random),
                random.nextInt(5) == 0 ? Texts.large(random) : random.nextBoolean() ? null : Texts.remark(random));
    }

    private void changeCustomer() {
        Customer customer = recent(company.customers, any -> true);
        if (customer != null) {
            update(
                    LogisticsTable.CUSTOMERS,
                    "UPDATE customers SET phone = ?, credit_limit = ?, discount = ?, tags = ? WHERE customer_id = ?",
                    random.nextInt(3) == 0 ? null : Texts.awkward(random),
                    Values.amount(random),
                    Values.reading(random),
                    Values.list(random),
                    customer.id);
        }
    }

    private void rewriteNotes() {
        Customer customer = recent(company.customers, any -> true);
        if (customer != null) {
            update(
                    LogisticsTable.CUSTOMERS,
                    "UPDATE customers SET notes = ?, address = ?::jsonb WHERE customer_id = ?",
                    random.nextInt(4) == 0 ? Texts.awkward(random) : Texts.large(random),
                    Values.json(random),
                    customer.id);
        }
    }

    private void deleteCustomer() {
        Customer customer = recent(company.customers, candidate -> candidate.references == 0);
        if (customer != null) {
            statements.add(PlannedStatement.of(
                    LogisticsTable.CUSTOMERS,
                    RowOperation.DELETE,
                    1,
                    "DELETE FROM customers WHERE customer_id = ?",
                    customer.id));
            company.remove(customer);
        }
    }

    // Shipments

    private void createShipment() {
        Customer customer = recent(company.customers, any -> true);
        if (customer == null) {
            registerCustomer();
            customer = company.customers.get(company.customers.size() - 1);
        }
        Shipment shipment = new Shipment(customer, Values.uuid(random), "created", 0, 0);
        statements.add(insertShipment(shipment));
        company.add(shipment);
        addEvent(shipment);
    }

    private PlannedStatement insertShipment(Shipment shipment) {
        return PlannedStatement.of(
                LogisticsTable.SHIPMENTS,
                RowOperation.INSERT,
                1,
                "INSERT INTO shipments (shipment_id, customer_id, tracking_code, status, service, origin, destination,"
                        + " weight_kg, declared_value, fragile, labels, attributes, customs_papers, promised_on, pickup_from)"
                        + " VALUES (?, ?, ?, ?::shipment_status, ?::service_level, ?, ?, ?, ?, ?, coalesce(?::text[], '{}'),"
                        + " ?::jsonb, ?, current_date + ?, ?)",
                shipment.id,
                shipment.customer.id,
                "MR" + shipment.id.toString().substring(0, 13),
                shipment.status,
                Texts.pick(random, List.of("economy", "standard", "express", "same day")),
                Texts.place(random),
                Texts.place(random),
                Values.measure(random),
                Values.amount(random),
                Values.flag(random),
                Values.list(random),
                random.nextInt(3) == 0 ? null : Values.json(random),
                random.nextInt(5) == 0 ? Texts.large(random) : null,
                random.nextInt(14),
                Values.time(random));
    }

    private void moveShipment() {
        Shipment shipment = recent(company.shipments, Shipment::underWay);
        if (shipment != null) {
            move(shipment);
        }
    }

    /** One transaction for everything on a truck. */
    private void scanTruck() {
        for (int n = 2 + random.nextInt(LARGEST_BATCH); n > 0; n--) {
            moveShipment();
        }
    }

    private void move(Shipment shipment) {
        shipment.status = statusAfter(shipment.status);
        update(
                LogisticsTable.SHIPMENTS,
                "UPDATE shipments SET status = ?::shipment_status, attempts = attempts + ?,"
                        + " delivered_at = CASE WHEN ? THEN now() END WHERE shipment_id = ?",
                shipment.status,
                shipment.status.equals("out_for_delivery") ? 1 : 0,
                shipment.status.equals("delivered"),
                shipment.id);
        addEvent(shipment);
    }

    private String statusAfter(String status) {
        int luck = random.nextInt(100);
        return switch (status) {
            case "created" -> luck < 97 ? "picked_up" : "returned";
            case "picked_up" -> luck < 99 ? "in_transit" : "lost";
            case "in_transit" ->
                luck < 55 ? "in_transit" : luck < 65 ? "customs" : luck < 98 ? "out_for_delivery" : "lost";
            case "customs" -> luck < 90 ? "in_transit" : "returned";
            default -> luck < 80 ? "delivered" : luck < 95 ? "in_transit" : "returned";
        };
    }

    private void addEvent(Shipment shipment) {
        shipment.lastEvent++;
        shipment.events++;
        statements.add(PlannedStatement.of(
                LogisticsTable.SHIPMENT_EVENTS,
                RowOperation.INSERT,
                1,
                "INSERT INTO shipment_events (shipment_id, event_no, status, place, latitude, longitude, temperature_c,"
                        + " scanner, signature, occurred_at, local_time)"
                        + " VALUES (?, ?, ?::shipment_status, ?, ?, ?, ?, ?, ?, clock_timestamp(), ?)",
                shipment.id,
                shipment.lastEvent,
                shipment.status,
                random.nextInt(5) == 0 ? null : Texts.place(random),
                Values.measure(random),
                Values.measure(random),
                Values.reading(random),
                random.nextInt(10) == 0 ? Long.MIN_VALUE : random.nextLong(),
                Values.bytes(random),
                Values.wallClock(random)));
    }

    /** Touches no large column: PostgreSQL then does not send it. */
    private void correctShipment() {
        Shipment shipment = recent(company.shipments, any -> true);
        if (shipment != null) {
            update(
                    LogisticsTable.SHIPMENTS,
                    "UPDATE shipments SET destination = ?, declared_value = ?, weight_kg = ?, fragile = ?,"
                            + " pickup_from = ? WHERE shipment_id = ?",
                    Texts.remark(random),
                    Values.amount(random),
                    Values.measure(random),
                    Values.flag(random),
                    Values.time(random),
                    shipment.id);
        }
    }

    private void filePapers() {
        Shipment shipment = recent(company.shipments, any -> true);
        if (shipment != null) {
            update(
                    LogisticsTable.SHIPMENTS,
                    "UPDATE shipments SET customs_papers = ?, attributes = ?::jsonb WHERE shipment_id = ?",
                    random.nextInt(6) == 0 ? null : Texts.large(random),
                    Values.json(random),
                    shipment.id);
        }
    }

    private void cancelShipment() {
        Shipment shipment = recent(company.shipments, any -> true);
        if (shipment != null) {
            if (shipment.events > 0) {
                statements.add(PlannedStatement.of(
                        LogisticsTable.SHIPMENT_EVENTS,
                        RowOperation.DELETE,
                        shipment.events,
                        "DELETE FROM shipment_events WHERE shipment_id = ?",
                        shipment.id));
            }
            statements.add(PlannedStatement.of(
                            LogisticsTable.SHIPMENTS,
                            RowOperation.DELETE,
                            1,
                            "DELETE FROM shipments WHERE shipment_id = ?",
                            shipment.id)
                    .withCascade(LogisticsTable.TICKETS, shipment.tickets));
            company.remove(shipment);
        }
    }

    /**
     * A new primary key, which the shipment's events and tickets follow. The large columns are written as well: PostgreSQL
     * does not send them otherwise, and nobody knows the values of a key that was never seen; see decision 0005.
     */
    private void relabelShipment() {
        Shipment shipment = recent(company.shipments, any -> true);
        if (shipment != null) {
            UUID id = Values.uuid(random);
            statements.add(PlannedStatement.of(
                            LogisticsTable.SHIPMENTS,
                            RowOperation.KEY_CHANGE,
                            1,
                            "UPDATE shipments SET shipment_id = ?, customs_papers = ?, attributes = ?::jsonb"
                                    + " WHERE shipment_id = ?",
                            id,
                            Texts.remark(random),
                            Values.json(random),
                            shipment.id)
                    .withCascade(LogisticsTable.SHIPMENT_EVENTS, shipment.events)
                    .withCascade(LogisticsTable.TICKETS, shipment.tickets));
            shipment.id = id;
        }
    }

    private void renumberEvent() {
        Shipment shipment = recent(company.shipments, candidate -> candidate.events > 0);
        if (shipment != null) {
            statements.add(PlannedStatement.of(
                    LogisticsTable.SHIPMENT_EVENTS,
                    RowOperation.KEY_CHANGE,
                    1,
                    "UPDATE shipment_events SET event_no = ? WHERE shipment_id = ? AND event_no = ?",
                    shipment.lastEvent + 1,
                    shipment.id,
                    shipment.lastEvent));
            shipment.lastEvent++;
        }
    }

    // Tickets

    private void openTicket() {
        Shipment shipment = recent(company.shipments, any -> true);
        Customer customer = shipment == null ? recent(company.customers, any -> true) : shipment.customer;
        if (customer != null) {
            Ticket ticket =
                    new Ticket(customer, random.nextInt(6) == 0 ? null : shipment, company.nextTicketId(), "opened");
            statements.add(insertTicket(ticket));
            company.add(ticket);
        }
    }

    private PlannedStatement insertTicket(Ticket ticket) {
        return PlannedStatement.of(
                LogisticsTable.TICKETS,
                RowOperation.INSERT,
                1,
                "INSERT INTO tickets (ticket_id, customer_id, shipment_id, status, priority, subject, description,"
                        + " assignee, watchers, refund) VALUES (?, ?, ?, ?::ticket_status, ?, ?, ?, ?, ?, ?)",
                ticket.id,
                ticket.customer.id,
                ticket.shipment == null ? null : ticket.shipment.id,
                ticket.status,
                random.nextInt(5) == 0 ? Short.MAX_VALUE : random.nextInt(5),
                Texts.remark(random),
                random.nextInt(2) == 0 ? Texts.large(random) : Texts.remark(random),
                random.nextInt(3) == 0 ? null : "agent " + random.nextInt(20),
                Values.list(random),
                null);
    }

    private void moveTicket() {
        Ticket ticket = recent(company.tickets, any -> true);
        if (ticket != null) {
            int luck = random.nextInt(10);
            ticket.status = ticket.status.equals("resolved")
                    ? "reopened"
                    : luck < 4 ? "resolved" : luck < 7 ? "reassigned" : "escalated";
            update(
                    LogisticsTable.TICKETS,
                    "UPDATE tickets SET status = ?::ticket_status, assignee = ?, history = history || ?::jsonb,"
                            + " refund = ?, resolved_at = CASE WHEN ? THEN now() END WHERE ticket_id = ?",
                    ticket.status,
                    random.nextInt(4) == 0 ? null : "agent " + random.nextInt(20),
                    Values.json(random),
                    Values.amount(random),
                    ticket.status.equals("resolved"),
                    ticket.id);
        }
    }

    private void deleteTicket() {
        Ticket ticket = recent(company.tickets, any -> true);
        if (ticket != null) {
            statements.add(deleteOf(ticket));
            company.remove(ticket);
        }
    }

    /** Writes the large columns as well, as a new label does. */
    private void renumberTicket() {
        Ticket ticket = recent(company.tickets, any -> true);
        if (ticket != null) {
            long id = company.nextTicketId();
            statements.add(PlannedStatement.of(
                    LogisticsTable.TICKETS,
                    RowOperation.KEY_CHANGE,
                    1,
                    "UPDATE tickets SET ticket_id = ?, description = ?, history = ?::jsonb WHERE ticket_id = ?",
                    id,
                    random.nextBoolean() ? Texts.large(random) : Texts.remark(random),
                    "[" + Values.json(random) + "]",
                    ticket.id));
            ticket.id = id;
        }
    }

    /** Deleted and inserted again under the same key, in one transaction. */
    private void replaceTicket() {
        Ticket ticket = recent(company.tickets, any -> true);
        if (ticket != null) {
            ticket.status = "reopened";
            statements.add(deleteOf(ticket));
            statements.add(insertTicket(ticket));
        }
    }

    private static PlannedStatement deleteOf(Ticket ticket) {
        return PlannedStatement.of(
                LogisticsTable.TICKETS, RowOperation.DELETE, 1, "DELETE FROM tickets WHERE ticket_id = ?", ticket.id);
    }

    // Second thoughts

    /** Inserted and deleted in one transaction. */
    private void createAndRegret() {
        Customer customer = new Customer(company.nextCustomerId());
        statements.add(insertCustomer(customer));
        company.add(customer);
        deleteLast(customer);
    }

    private void deleteLast(Customer customer) {
        statements.add(PlannedStatement.of(
                LogisticsTable.CUSTOMERS,
                RowOperation.DELETE,
                1,
                "DELETE FROM customers WHERE customer_id = ?",
                customer.id));
        company.remove(customer);
    }

    /** For a rollback: leaves the company as it is. */
    private void planRegret() {
        statements.add(insertCustomer(new Customer(company.nextCustomerId())));
        Ticket ticket = recent(company.tickets, any -> true);
        if (ticket != null) {
            statements.add(deleteOf(ticket));
        }
        correctShipment();
    }

    private void update(LogisticsTable table, String sql, @Nullable Object... values) {
        statements.add(PlannedStatement.of(table, RowOperation.UPDATE, 1, sql, values));
    }

    /** One of the rows, the last ones likelier; null if none of a few will do. */
    private <T> @Nullable T recent(List<T> rows, Predicate<T> suitable) {
        if (rows.isEmpty()) {
            return null;
        }
        for (int attempt = 0; attempt < 8; attempt++) {
            double age = -Math.log(1 - random.nextDouble()) * Math.max(20, rows.size() / 8.0);
            T row = rows.get(rows.size() - 1 - (int) Math.min(age, rows.size() - 1));
            if (suitable.test(row)) {
                return row;
            }
        }
        return null;
    }
}
