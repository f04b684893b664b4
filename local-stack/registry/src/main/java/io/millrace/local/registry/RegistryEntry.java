package io.millrace.local.registry;

import java.util.Map;

/**
 * A registry: the schemas of one owner.
 *
 * @param name its name
 * @param description free text; may be empty
 * @param created when it was created, ISO 8601
 * @param tags free for the owner
 */
record RegistryEntry(String name, String description, String created, Map<String, String> tags) {

    String arn() {
        return Arn.registry(name);
    }
}
