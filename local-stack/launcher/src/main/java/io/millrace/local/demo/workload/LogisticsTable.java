package io.millrace.local.demo.workload;

import java.util.Locale;

/** A table of {@code pipelines/logistics.sql}. */
public enum LogisticsTable {
    CUSTOMERS,
    SHIPMENTS,
    SHIPMENT_EVENTS,
    TICKETS;

    /** The table as the database names it, such as {@code public.shipments}. */
    public String qualifiedName() {
        return "public." + name().toLowerCase(Locale.ROOT);
    }
}
