package io.millrace.capture.storage;

import org.jspecify.annotations.Nullable;

/** Keeps objects by name. Safe for use by several threads. */
public interface ObjectStore {

    /** An object's bytes; null if there is none of this name. */
    byte @Nullable [] read(String name);

    /** Keeps an object in place of any other of its name; readers see the old or the new one, whole. */
    void write(String name, byte[] content);

    /** The address under which others find an object. */
    String address(String name);
}
