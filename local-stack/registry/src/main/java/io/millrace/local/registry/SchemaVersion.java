package io.millrace.local.registry;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * A version of a schema.
 *
 * @param id what stands in the frame of every record that is written with it
 * @param registry the registry's name
 * @param schema the schema's name
 * @param number counts the accepted versions from 1
 * @param status whether it was accepted; a refused one stays readable by its id
 * @param definition the Avro schema as it came
 * @param created when it was registered, ISO 8601
 * @param metadata free for the writer
 */
record SchemaVersion(
        UUID id,
        String registry,
        String schema,
        long number,
        Status status,
        String definition,
        String created,
        Map<String, String> metadata) {

    enum Status {
        AVAILABLE,
        FAILURE
    }

    boolean isAvailable() {
        return status == Status.AVAILABLE;
    }

    SchemaVersion with(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(metadata);
        more.put(key, value);
        return new SchemaVersion(id, registry, schema, number, status, definition, created, more);
    }
}
