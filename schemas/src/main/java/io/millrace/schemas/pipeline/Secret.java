package io.millrace.schemas.pipeline;

import java.io.Serializable;

/**
 * A value that must not be printed.
 *
 * @param reveal the value itself
 */
public record Secret(String reveal) implements Serializable {

    @Override
    public String toString() {
        return "***";
    }
}
