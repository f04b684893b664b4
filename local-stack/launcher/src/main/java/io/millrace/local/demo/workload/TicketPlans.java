package io.millrace.local.demo.workload;

import io.millrace.local.demo.workload.Company.Customer;
import io.millrace.local.demo.workload.Company.Shipment;
import io.millrace.local.demo.workload.Company.Ticket;
import java.util.Random;

/** What happens to tickets. */
final class TicketPlans {
    private final Draft draft;
    private final Company company;
    private final Random random;

    TicketPlans(Draft draft) {
        this.draft = draft;
        this.company = draft.company();
        this.random = draft.random();
    }

    void open() {
        Shipment shipment = draft.recent(company.shipments, any -> true);
        Customer customer = shipment == null ? draft.recent(company.customers, any -> true) : shipment.customer;
        if (customer != null) {
            Ticket ticket =
                    new Ticket(customer, random.nextInt(6) == 0 ? null : shipment, company.nextTicketId(), "opened");
            draft.add(insert(ticket));
            company.add(ticket);
        }
    }

    private PlannedStatement insert(Ticket ticket) {
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
                random.nextInt(8) == 0 ? Texts.large(random) : Texts.remark(random),
                random.nextInt(3) == 0 ? null : "agent " + random.nextInt(20),
                Values.list(random),
                null);
    }

    void move() {
        Ticket ticket = draft.recent(company.tickets, any -> true);
        if (ticket != null) {
            int luck = random.nextInt(10);
            ticket.status = ticket.status.equals("resolved")
                    ? "reopened"
                    : luck < 4 ? "resolved" : luck < 7 ? "reassigned" : "escalated";
            draft.update(
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

    void delete() {
        Ticket ticket = draft.recent(company.tickets, any -> true);
        if (ticket != null) {
            draft.add(deleteOf(ticket));
            company.remove(ticket);
        }
    }

    /** Leaves the large columns alone, as a new label does. */
    void renumber() {
        Ticket ticket = draft.recent(company.tickets, any -> true);
        if (ticket != null) {
            long id = company.nextTicketId();
            draft.add(PlannedStatement.of(
                    LogisticsTable.TICKETS,
                    RowOperation.KEY_CHANGE,
                    1,
                    "UPDATE tickets SET ticket_id = ? WHERE ticket_id = ?",
                    id,
                    ticket.id));
            ticket.id = id;
        }
    }

    /** Deleted and inserted again under the same key, in one transaction. */
    void replace() {
        Ticket ticket = draft.recent(company.tickets, any -> true);
        if (ticket != null) {
            ticket.status = "reopened";
            draft.add(deleteOf(ticket));
            draft.add(insert(ticket));
        }
    }

    static PlannedStatement deleteOf(Ticket ticket) {
        return PlannedStatement.of(
                LogisticsTable.TICKETS, RowOperation.DELETE, 1, "DELETE FROM tickets WHERE ticket_id = ?", ticket.id);
    }
}
