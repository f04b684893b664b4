package io.millrace.local.registry;

import java.util.Map;

/**
 * A schema: a name under which versions follow each other.
 *
 * @param registry the registry's name
 * @param name its own name
 * @param compatibility what a new version must be able to do
 * @param description free text; may be empty
 * @param created when it was created, ISO 8601
 * @param tags free for the owner
 */
record RegisteredSchema(
        String registry,
        String name,
        Compatibility compatibility,
        String description,
        String created,
        Map<String, String> tags) {

    String arn() {
        return Arn.schema(registry, name);
    }
}
