package io.millrace.local.demo.workload;

import io.millrace.local.demo.workload.Company.Customer;
import io.millrace.local.demo.workload.Company.Shipment;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** What happens to shipments and their events. */
final class ShipmentPlans {
    private static final int LARGEST_BATCH = 12;

    private final Draft draft;
    private final Company company;
    private final Random random;
    private final CustomerPlans customers;

    ShipmentPlans(Draft draft, CustomerPlans customers) {
        this.draft = draft;
        this.company = draft.company();
        this.random = draft.random();
        this.customers = customers;
    }

    void create() {
        Customer customer = draft.recent(company.customers, any -> true);
        if (customer == null) {
            customer = customers.register();
        }
        Shipment shipment = new Shipment(customer, Values.uuid(random), "created", 0, 0);
        draft.add(insert(shipment));
        company.add(shipment);
        addEvent(shipment);
    }

    private PlannedStatement insert(Shipment shipment) {
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
                random.nextInt(10) == 0 ? Texts.large(random) : null,
                random.nextInt(14),
                Values.time(random));
    }

    void move() {
        Shipment shipment = draft.recent(company.shipments, Shipment::underWay);
        if (shipment != null) {
            move(shipment);
        }
    }

    /** One transaction for everything on a truck. */
    void scanTruck() {
        for (int n = 2 + random.nextInt(LARGEST_BATCH); n > 0; n--) {
            move();
        }
    }

    private void move(Shipment shipment) {
        shipment.status = statusAfter(shipment.status);
        draft.update(
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
        draft.add(PlannedStatement.of(
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
    void correct() {
        Shipment shipment = draft.recent(company.shipments, any -> true);
        if (shipment != null) {
            draft.update(
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

    void filePapers() {
        Shipment shipment = draft.recent(company.shipments, any -> true);
        if (shipment != null) {
            draft.update(
                    LogisticsTable.SHIPMENTS,
                    "UPDATE shipments SET customs_papers = ?, attributes = ?::jsonb WHERE shipment_id = ?",
                    random.nextInt(6) == 0 ? null : random.nextBoolean() ? Texts.large(random) : Texts.remark(random),
                    Values.json(random),
                    shipment.id);
        }
    }

    void cancel() {
        Shipment shipment = draft.recent(company.shipments, any -> true);
        if (shipment != null) {
            if (shipment.events > 0) {
                draft.add(PlannedStatement.of(
                        LogisticsTable.SHIPMENT_EVENTS,
                        RowOperation.DELETE,
                        shipment.events,
                        "DELETE FROM shipment_events WHERE shipment_id = ?",
                        shipment.id));
            }
            draft.add(PlannedStatement.of(
                    LogisticsTable.SHIPMENTS,
                    RowOperation.DELETE,
                    1,
                    "DELETE FROM shipments WHERE shipment_id = ?",
                    shipment.id));
            company.remove(shipment);
        }
    }

    /**
     * A new primary key, which the shipment's events follow. The large columns are left alone: PostgreSQL then
     * does not send them with the new key.
     */
    void relabel() {
        Shipment shipment = draft.recent(company.shipments, any -> true);
        if (shipment != null) {
            UUID id = Values.uuid(random);
            draft.add(PlannedStatement.of(
                            LogisticsTable.SHIPMENTS,
                            RowOperation.KEY_CHANGE,
                            1,
                            "UPDATE shipments SET shipment_id = ? WHERE shipment_id = ?",
                            id,
                            shipment.id)
                    .withCascade(LogisticsTable.SHIPMENT_EVENTS, shipment.events));
            shipment.id = id;
        }
    }

    void renumberEvent() {
        Shipment shipment = draft.recent(company.shipments, candidate -> candidate.events > 0);
        if (shipment != null) {
            draft.add(PlannedStatement.of(
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
}
