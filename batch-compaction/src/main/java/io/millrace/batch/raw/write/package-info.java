/** From rows to committed files: sizes, deletes, the ledger of loaded files, dead letters. */
package io.millrace.batch.raw.write;
