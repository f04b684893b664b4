package io.millrace.stream.accounting;

/**
 * A line of a saved ledger. Lines are added up, so that those of several ledgers may be dealt out to any number of new ones.
 *
 * @param account whose books
 * @param entry under what
 * @param units how many
 */
public record LedgerLine(Ledger.Account account, Ledger.Entry entry, long units) {}
