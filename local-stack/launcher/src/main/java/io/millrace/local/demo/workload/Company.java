package io.millrace.local.demo.workload;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a planner knows of the rows of its lane: enough to plan statements that find their rows and break no foreign key.
 * Oldest first in every list.
 */
final class Company {

    /** A customer; {@code references} counts shipments and tickets that keep the row from being deleted. */
    static final class Customer {
        final long id;
        int references;

        Customer(long id) {
            this.id = id;
        }
    }

    /** A shipment with its events, numbered from 1 with gaps up to {@code lastEvent}. */
    static final class Shipment {
        final Customer customer;
        UUID id;
        String status;
        int events;
        int lastEvent;

        Shipment(Customer customer, UUID id, String status, int events, int lastEvent) {
            this.customer = customer;
            this.id = id;
            this.status = status;
            this.events = events;
            this.lastEvent = lastEvent;
        }

        boolean underWay() {
            return !status.equals("delivered") && !status.equals("lost") && !status.equals("returned");
        }
    }

    /** A ticket, about a shipment or not. */
    static final class Ticket {
        final Customer customer;

        final @Nullable Shipment shipment;

        long id;
        String status;

        Ticket(Customer customer, @Nullable Shipment shipment, long id, String status) {
            this.customer = customer;
            this.shipment = shipment;
            this.id = id;
            this.status = status;
        }
    }

    final Lane lane;
    final List<Customer> customers = new ArrayList<>();
    final List<Shipment> shipments = new ArrayList<>();
    final List<Ticket> tickets = new ArrayList<>();
    private final Map<Long, Customer> customersById = new HashMap<>();
    private long lastCustomerId;
    private long lastTicketId;

    Company(Lane lane) {
        this.lane = lane;
    }

    long nextCustomerId() {
        lastCustomerId = lane.idAfter(lastCustomerId);
        return lastCustomerId;
    }

    long nextTicketId() {
        lastTicketId = lane.idAfter(lastTicketId);
        return lastTicketId;
    }

    /** No id up to these is given out; rows of the past have them, also deleted ones. */
    void reserveIds(long customers, long tickets) {
        lastCustomerId = Math.max(lastCustomerId, customers);
        lastTicketId = Math.max(lastTicketId, tickets);
    }

    /** Grows while the company works; a planner that goes on with a company does not repeat what was done to it. */
    long age() {
        return lastCustomerId + lastTicketId;
    }

    @Nullable
    Customer customer(long id) {
        return customersById.get(id);
    }

    void add(Customer customer) {
        customers.add(customer);
        customersById.put(customer.id, customer);
    }

    void add(Shipment shipment) {
        shipments.add(shipment);
        shipment.customer.references++;
    }

    void add(Ticket ticket) {
        tickets.add(ticket);
        ticket.customer.references++;
    }

    void remove(Customer customer) {
        customers.remove(customer);
        customersById.remove(customer.id);
    }

    /** Its tickets stay: the helpdesk remembers what was. */
    void remove(Shipment shipment) {
        shipments.remove(shipment);
        shipment.customer.references--;
    }

    void remove(Ticket ticket) {
        tickets.remove(ticket);
        ticket.customer.references--;
    }
}
