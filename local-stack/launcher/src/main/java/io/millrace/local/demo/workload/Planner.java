package io.millrace.local.demo.workload;

import io.millrace.local.demo.workload.Company.Customer;
import io.millrace.local.demo.workload.Company.Ticket;
import java.util.List;
import java.util.Random;

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

    private final Draft draft;
    private final CustomerPlans customers;
    private final ShipmentPlans shipments;
    private final List<Kind> kinds;
    private final int allWeights;

    private record Kind(int weight, Runnable plan) {}

    Planner(Company company, Random random) {
        draft = new Draft(company, random);
        customers = new CustomerPlans(draft);
        shipments = new ShipmentPlans(draft, customers);
        TicketPlans tickets = new TicketPlans(draft);
        kinds = List.of(
                new Kind(6, customers::register),
                new Kind(12, customers::change),
                new Kind(1, customers::rewriteNotes),
                new Kind(1, customers::delete),
                new Kind(1, customers::createAndRegret),
                new Kind(16, shipments::create),
                new Kind(40, shipments::move),
                new Kind(3, shipments::scanTruck),
                new Kind(6, shipments::correct),
                new Kind(2, shipments::filePapers),
                new Kind(2, shipments::cancel),
                new Kind(1, shipments::relabel),
                new Kind(2, shipments::renumberEvent),
                new Kind(8, tickets::open),
                new Kind(14, tickets::move),
                new Kind(2, tickets::delete),
                new Kind(1, tickets::renumber),
                new Kind(1, tickets::replace));
        allWeights = kinds.stream().mapToInt(Kind::weight).sum();
    }

    /** The next transaction; it changes at least one row. */
    PlannedTransaction next() {
        if (draft.random().nextInt(ROLLBACKS) == 0) {
            planRegret();
            return draft.end(false);
        }
        while (draft.isEmpty()) {
            drawKind().plan().run();
        }
        return draft.end(true);
    }

    private Kind drawKind() {
        int drawn = draft.random().nextInt(allWeights);
        for (Kind kind : kinds) {
            drawn -= kind.weight();
            if (drawn < 0) {
                return kind;
            }
        }
        throw new IllegalStateException("Cannot draw " + drawn + " from " + allWeights);
    }

    /** For a rollback: leaves the company as it is. */
    private void planRegret() {
        Company company = draft.company();
        draft.add(customers.insert(new Customer(company.nextCustomerId())));
        Ticket ticket = draft.recent(company.tickets, any -> true);
        if (ticket != null) {
            draft.add(TicketPlans.deleteOf(ticket));
        }
        shipments.correct();
    }
}
