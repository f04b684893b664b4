package io.millrace.local.demo.workload;

import java.util.Locale;

/** A table of {@code pipelines/logistics.sql} or {@code pipelines/helpdesk.sql}. */
public enum LogisticsTable {
    CUSTOMERS,
    SHIPMENTS,
    SHIPMENT_EVENTS,
    TICKETS;

    /** The source of {@code pipelines/logistics.yaml} that has the table. */
    public String source() {
        return this == TICKETS ? WorkloadConfig.HELPDESK : WorkloadConfig.LOGISTICS;
    }

    /** The table as the database names it, such as {@code public.shipments}. */
    public String qualifiedName() {
        return "public." + name().toLowerCase(Locale.ROOT);
    }
}
