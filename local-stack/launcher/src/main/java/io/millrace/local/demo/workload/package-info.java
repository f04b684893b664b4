/** What the logistics company does all day: plans of transactions, and the hands that carry them out at a given rate. */
package io.millrace.local.demo.workload;
