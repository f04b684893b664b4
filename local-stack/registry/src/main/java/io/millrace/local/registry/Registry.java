package io.millrace.local.registry;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/**
 * The registry itself: which schemas there are, and which version may follow which.
 *
 * <p>Thread-safe: one operation at a time. What an operation answered is on disk.
 */
final class Registry {

    /** Where schemas go that name no registry; Glue makes it by itself as well. */
    static final String DEFAULT = "default-registry";

    private final RegistryFiles files;
    private final Clock clock;
    private final Map<String, RegistryEntry> registries;
    private final Map<String, RegisteredSchema> schemas;
    private final Map<UUID, SchemaVersion> versions;

    Registry(RegistryFiles files, Clock clock) {
        this.files = files;
        this.clock = clock;
        registries = files.registries().stream()
                .collect(Collectors.toMap(RegistryEntry::name, entry -> entry, (a, b) -> a, TreeMap::new));
        schemas = files.schemas().stream()
                .collect(Collectors.toMap(RegisteredSchema::arn, schema -> schema, (a, b) -> a, TreeMap::new));
        versions = files.versions().stream()
                .collect(Collectors.toMap(SchemaVersion::id, version -> version, (a, b) -> a, LinkedHashMap::new));
    }

    synchronized RegistryEntry createRegistry(String name, String description, Map<String, String> tags) {
        if (registries.containsKey(name)) {
            throw RegistryError.alreadyExists("Registry already exists. RegistryName: " + name);
        }
        RegistryEntry created = new RegistryEntry(name, description, now(), Map.copyOf(tags));
        files.write(created);
        registries.put(name, created);
        return created;
    }

    /** Makes sure that a registry exists. */
    synchronized void ensureRegistry(String name) {
        if (!registries.containsKey(name)) {
            createRegistry(name, "", Map.of());
        }
    }

    synchronized RegistryEntry registry(String name) {
        if (name.equals(DEFAULT)) {
            ensureRegistry(DEFAULT);
        }
        RegistryEntry entry = registries.get(name);
        if (entry == null) {
            throw RegistryError.notFound("Registry is not found. RegistryName: " + name);
        }
        return entry;
    }

    synchronized List<RegistryEntry> registries() {
        return List.copyOf(registries.values());
    }

    synchronized RegisteredSchema createSchema(
            String registry, String name, Compatibility compatibility, String description, Map<String, String> tags) {
        registry(registry);
        RegisteredSchema created =
                new RegisteredSchema(registry, name, compatibility, description, now(), Map.copyOf(tags));
        if (schemas.containsKey(created.arn())) {
            throw RegistryError.alreadyExists(
                    "Schema already exists. RegistryName: %s, SchemaName: %s".formatted(registry, name));
        }
        files.write(created);
        schemas.put(created.arn(), created);
        return created;
    }

    synchronized RegisteredSchema schema(String registry, String name) {
        RegisteredSchema schema = schemas.get(Arn.schema(registry, name));
        if (schema == null) {
            throw RegistryError.notFound(
                    "Schema is not found. RegistryName: %s, SchemaName: %s".formatted(registry, name));
        }
        return schema;
    }

    synchronized List<RegisteredSchema> schemas(String registry) {
        registry(registry);
        return schemas.values().stream()
                .filter(schema -> schema.registry().equals(registry))
                .toList();
    }

    /** The accepted versions of a schema, the newest first. */
    synchronized List<SchemaVersion> versions(RegisteredSchema schema) {
        return all(schema).stream()
                .filter(SchemaVersion::isAvailable)
                .sorted(Comparator.comparingLong(SchemaVersion::number).reversed())
                .toList();
    }

    /**
     * Adds a version. The same definition again gives the version it already has; one that is not compatible is kept
     * with {@code FAILURE}, readable by its id, and does not count.
     */
    synchronized SchemaVersion register(RegisteredSchema schema, String definition) {
        Schema parsed = parse(definition);
        Optional<SchemaVersion> same = withDefinition(schema, definition);
        if (same.isPresent() && same.get().isAvailable()) {
            return same.get();
        }
        List<SchemaVersion> accepted = versions(schema);
        if (schema.compatibility() == Compatibility.DISABLED && !accepted.isEmpty()) {
            throw RegistryError.invalid("Compatibility DISABLED allows one version only. SchemaName: " + schema.name());
        }
        List<Schema> earlier =
                accepted.stream().map(version -> parse(version.definition())).toList();
        boolean compatible = schema.compatibility().objection(parsed, earlier).isEmpty();
        if (!compatible && same.isPresent()) {
            return same.get();
        }
        long number = accepted.isEmpty() ? 1 : accepted.get(0).number() + 1;
        SchemaVersion version = new SchemaVersion(
                UUID.randomUUID(),
                schema.registry(),
                schema.name(),
                number,
                compatible ? SchemaVersion.Status.AVAILABLE : SchemaVersion.Status.FAILURE,
                definition,
                now(),
                Map.of());
        keep(version);
        return version;
    }

    synchronized SchemaVersion version(UUID id) {
        SchemaVersion version = versions.get(id);
        if (version == null) {
            throw RegistryError.notFound("Schema version is not found. SchemaVersionId: " + id);
        }
        return version;
    }

    /** The version that has a definition; the accepted one if a refused one has it too. */
    synchronized Optional<SchemaVersion> withDefinition(RegisteredSchema schema, String definition) {
        // White space does not matter; everything else does, also the properties that carry semantic types.
        String normal = parse(definition).toString();
        return all(schema).stream()
                .filter(version -> parse(version.definition()).toString().equals(normal))
                .max(Comparator.comparing(SchemaVersion::isAvailable));
    }

    synchronized SchemaVersion putMetadata(SchemaVersion version, String key, String value) {
        SchemaVersion current = version(version.id());
        if (value.equals(current.metadata().get(key))) {
            throw RegistryError.alreadyExists("Metadata already exists. MetadataKey: " + key);
        }
        SchemaVersion changed = current.with(key, value);
        keep(changed);
        return changed;
    }

    /** An Avro schema; error {@code InvalidInputException} if it is none. */
    static Schema parse(String definition) {
        try {
            return new Schema.Parser().parse(definition);
        } catch (AvroRuntimeException | NullPointerException e) {
            // Avro 1.12.1 answers a type that it does not know with the second.
            throw RegistryError.invalid("Schema definition is not valid Avro: " + e.getMessage());
        }
    }

    private List<SchemaVersion> all(RegisteredSchema schema) {
        List<SchemaVersion> found = new ArrayList<>();
        for (SchemaVersion version : versions.values()) {
            if (version.registry().equals(schema.registry()) && version.schema().equals(schema.name())) {
                found.add(version);
            }
        }
        return found;
    }

    private void keep(SchemaVersion version) {
        files.write(version);
        versions.put(version.id(), version);
    }

    private String now() {
        return clock.instant().toString();
    }
}
