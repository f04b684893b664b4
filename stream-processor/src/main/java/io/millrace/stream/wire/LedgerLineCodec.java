package io.millrace.stream.wire;

import io.millrace.stream.accounting.Ledger;
import io.millrace.stream.accounting.LedgerLine;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Locale;

/** A line of a ledger; entries are written by name, as the order of an enum may change. */
final class LedgerLineCodec implements Codec<LedgerLine> {

    @Override
    public void write(LedgerLine line, DataOutput out) throws IOException {
        Compact.writeText(line.account().source(), out);
        Compact.writeOptionalText(line.account().table(), out);
        Compact.writeText(line.entry().metric(), out);
        Compact.writeUnsigned(line.units(), out);
    }

    @Override
    public LedgerLine read(DataInput in) throws IOException {
        return new LedgerLine(
                new Ledger.Account(Compact.readText(in), Compact.readOptionalText(in)),
                Ledger.Entry.valueOf(Compact.readText(in).toUpperCase(Locale.ROOT)),
                Compact.readUnsigned(in));
    }
}
