package io.millrace.local.demo.workload;

import io.millrace.local.demo.workload.Company.Customer;
import java.util.List;
import java.util.Random;

/** What happens to customers. */
final class CustomerPlans {
    private final Draft draft;
    private final Company company;
    private final Random random;

    CustomerPlans(Draft draft) {
        this.draft = draft;
        this.company = draft.company();
        this.random = draft.random();
    }

    Customer register() {
        Customer customer = new Customer(company.nextCustomerId());
        draft.add(insert(customer));
        company.add(customer);
        return customer;
    }

    PlannedStatement insert(Customer customer) {
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
                random.nextInt(10) == 0 ? Texts.large(random) : random.nextBoolean() ? null : Texts.remark(random));
    }

    void change() {
        Customer customer = draft.recent(company.customers, any -> true);
        if (customer != null) {
            draft.update(
                    LogisticsTable.CUSTOMERS,
                    "UPDATE customers SET phone = ?, credit_limit = ?, discount = ?, tags = ? WHERE customer_id = ?",
                    random.nextInt(3) == 0 ? null : Texts.awkward(random),
                    Values.amount(random),
                    Values.reading(random),
                    Values.list(random),
                    customer.id);
        }
    }

    void rewriteNotes() {
        Customer customer = draft.recent(company.customers, any -> true);
        if (customer != null) {
            draft.update(
                    LogisticsTable.CUSTOMERS,
                    "UPDATE customers SET notes = ?, address = ?::jsonb WHERE customer_id = ?",
                    random.nextBoolean() ? Texts.awkward(random) : Texts.large(random),
                    Values.json(random),
                    customer.id);
        }
    }

    void delete() {
        Customer customer = draft.recent(company.customers, candidate -> candidate.references == 0);
        if (customer != null) {
            draft.add(deleteOf(customer));
            company.remove(customer);
        }
    }

    /** Inserted and deleted in one transaction. */
    void createAndRegret() {
        Customer customer = register();
        draft.add(deleteOf(customer));
        company.remove(customer);
    }

    private static PlannedStatement deleteOf(Customer customer) {
        return PlannedStatement.of(
                LogisticsTable.CUSTOMERS,
                RowOperation.DELETE,
                1,
                "DELETE FROM customers WHERE customer_id = ?",
                customer.id);
    }
}
