package io.millrace.schemas.event;

/**
 * Stands for a value that the source did not send because it did not change.
 *
 * <p>PostgreSQL leaves out unchanged TOAST columns under {@code REPLICA IDENTITY DEFAULT}; Debezium then sends
 * {@code __debezium_unavailable_value}. It means "as before", never null.
 */
public enum Unavailable {
    INSTANCE
}
