/** The books: what became of every record, per source and table, exactly. */
package io.millrace.stream.accounting;
