package io.millrace.stream.sequence;

import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.KeyText;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.Unavailable;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * Tells changes without a position apart: 64 bits of a hash of table, key, operation, commit time and row images.
 *
 * <p>It is only compared with those of the same key within one window, so that two changes that share it by chance are out
 * of the question. What it cannot tell apart is what the source itself writes twice: two commits of the same row image with
 * the same time are one change here, which for the row makes no difference.
 */
final class ChangeIdentity {
    private static final int NULL = 0;
    private static final int UNAVAILABLE = 1;
    private static final int VALUE = 2;

    private ChangeIdentity() {}

    static long of(ChangeEvent change) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            text(change.key().table(), out);
            text(change.key().id(), out);
            text(change.operation().name(), out);
            out.writeLong(change.eventTimeMicros());
            row(change.before(), out);
            row(change.after(), out);
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()))
                    .getLong();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write to memory", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Cannot hash: every Java platform has SHA-256", e);
        }
    }

    private static void row(@Nullable Row row, DataOutputStream out) throws IOException {
        out.writeBoolean(row != null);
        if (row == null) {
            return;
        }
        for (int i = 0; i < row.schema().columns().size(); i++) {
            Column column = row.schema().columns().get(i);
            text(column.name(), out);
            Object value = row.value(i);
            if (value == null) {
                out.writeByte(NULL);
            } else if (value == Unavailable.INSTANCE) {
                out.writeByte(UNAVAILABLE);
            } else {
                out.writeByte(VALUE);
                text(KeyText.of(column.type(), value), out);
            }
        }
    }

    private static void text(String text, DataOutputStream out) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}
