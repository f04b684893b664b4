package io.millrace.local.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;

/**
 * Glue's operations on schemas: request in, answer out, both in the JSON of the protocol.
 *
 * @see <a href="https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-schema-registry-api.html">Glue API</a>
 */
final class RegistryOperations {

    private static final String AVRO = "AVRO";
    private static final int PAGE = 100;

    private final Registry registry;
    private final Map<String, Function<JsonNode, ObjectNode>> operations = new TreeMap<>();

    RegistryOperations(Registry registry) {
        this.registry = registry;
        operations.put("CreateRegistry", this::createRegistry);
        operations.put("GetRegistry", request -> describe(registry.registry(registryName(request.path("RegistryId")))));
        operations.put("ListRegistries", this::listRegistries);
        operations.put("CreateSchema", this::createSchema);
        operations.put("GetSchema", request -> describe(schema(request)));
        operations.put("ListSchemas", this::listSchemas);
        operations.put("RegisterSchemaVersion", this::registerSchemaVersion);
        operations.put("GetSchemaByDefinition", this::getSchemaByDefinition);
        operations.put("GetSchemaVersion", this::getSchemaVersion);
        operations.put("ListSchemaVersions", this::listSchemaVersions);
        operations.put("CheckSchemaVersionValidity", RegistryOperations::checkSchemaVersionValidity);
        operations.put("PutSchemaVersionMetadata", this::putSchemaVersionMetadata);
        operations.put("QuerySchemaVersionMetadata", this::querySchemaVersionMetadata);
        operations.put("GetTags", this::getTags);
    }

    /**
     * @param operation its name, such as {@code CreateSchema}
     * @throws RegistryError for what Glue answers with an error
     */
    ObjectNode execute(String operation, JsonNode request) {
        Function<JsonNode, ObjectNode> known = operations.get(operation);
        if (known == null) {
            throw RegistryError.unknownOperation(operation);
        }
        return known.apply(request);
    }

    private ObjectNode createRegistry(JsonNode request) {
        RegistryEntry created = registry.createRegistry(
                required(request, "RegistryName"), optional(request, "Description", ""), tags(request));
        return describe(created).set("Tags", map(created.tags()));
    }

    private ObjectNode listRegistries(JsonNode request) {
        return page(request, "Registries", registry.registries(), RegistryOperations::describe);
    }

    private ObjectNode createSchema(JsonNode request) {
        requireAvro(required(request, "DataFormat"));
        String definition = optional(request, "SchemaDefinition", "");
        if (!definition.isEmpty()) {
            Registry.parse(definition);
        }
        RegisteredSchema schema = registry.createSchema(
                registryName(request.path("RegistryId")),
                required(request, "SchemaName"),
                compatibility(optional(request, "Compatibility", Compatibility.NONE.name())),
                optional(request, "Description", ""),
                tags(request));
        if (definition.isEmpty()) {
            return describe(schema).set("Tags", map(schema.tags()));
        }
        SchemaVersion first = registry.register(schema, definition);
        return describe(schema)
                .put("SchemaVersionId", first.id().toString())
                .put("SchemaVersionStatus", first.status().name())
                .set("Tags", map(schema.tags()));
    }

    private ObjectNode listSchemas(JsonNode request) {
        List<RegisteredSchema> schemas = registry.schemas(registryName(request.path("RegistryId")));
        return page(
                request,
                "Schemas",
                schemas,
                schema -> object().put("RegistryName", schema.registry())
                        .put("SchemaName", schema.name())
                        .put("SchemaArn", schema.arn())
                        .put("Description", schema.description())
                        .put("SchemaStatus", "AVAILABLE")
                        .put("CreatedTime", schema.created())
                        .put("UpdatedTime", schema.created()));
    }

    private ObjectNode registerSchemaVersion(JsonNode request) {
        SchemaVersion version = registry.register(schema(request), required(request, "SchemaDefinition"));
        return object().put("SchemaVersionId", version.id().toString())
                .put("VersionNumber", version.number())
                .put("Status", version.status().name());
    }

    private ObjectNode getSchemaByDefinition(JsonNode request) {
        RegisteredSchema schema = schema(request);
        SchemaVersion version = registry.withDefinition(schema, required(request, "SchemaDefinition"))
                .orElseThrow(() -> RegistryError.notFound(
                        "Schema version is not found. RegistryName: %s, SchemaName: %s, by definition"
                                .formatted(schema.registry(), schema.name())));
        return object().put("SchemaVersionId", version.id().toString())
                .put("SchemaArn", schema.arn())
                .put("DataFormat", AVRO)
                .put("Status", version.status().name())
                .put("CreatedTime", version.created());
    }

    private ObjectNode getSchemaVersion(JsonNode request) {
        SchemaVersion version = version(request);
        return describe(version).put("SchemaDefinition", version.definition()).put("DataFormat", AVRO);
    }

    private ObjectNode listSchemaVersions(JsonNode request) {
        return page(request, "Schemas", registry.versions(schema(request)), RegistryOperations::describe);
    }

    private static ObjectNode checkSchemaVersionValidity(JsonNode request) {
        requireAvro(required(request, "DataFormat"));
        try {
            Registry.parse(required(request, "SchemaDefinition"));
            return object().put("Valid", true);
        } catch (RegistryError e) {
            return object().put("Valid", false).put("Error", e.getMessage());
        }
    }

    private ObjectNode putSchemaVersionMetadata(JsonNode request) {
        JsonNode pair = request.path("MetadataKeyValue");
        String key = required(pair, "MetadataKey");
        String value = required(pair, "MetadataValue");
        SchemaVersion version = registry.putMetadata(version(request), key, value);
        RegisteredSchema schema = registry.schema(version.registry(), version.schema());
        return object().put("SchemaArn", schema.arn())
                .put("SchemaName", schema.name())
                .put("RegistryName", schema.registry())
                .put("LatestVersion", version.number() == latest(schema))
                .put("VersionNumber", version.number())
                .put("SchemaVersionId", version.id().toString())
                .put("MetadataKey", key)
                .put("MetadataValue", value);
    }

    private ObjectNode querySchemaVersionMetadata(JsonNode request) {
        SchemaVersion version = version(request);
        ObjectNode all = object();
        version.metadata()
                .forEach((key, value) ->
                        all.putObject(key).put("MetadataValue", value).put("CreatedTime", version.created()));
        return object().put("SchemaVersionId", version.id().toString()).set("MetadataInfoMap", all);
    }

    private ObjectNode getTags(JsonNode request) {
        String arn = required(request, "ResourceArn");
        if (arn.contains(":schema/")) {
            String[] names = Arn.schemaNames(arn);
            return object().set("Tags", map(registry.schema(names[0], names[1]).tags()));
        }
        return object().set("Tags", map(registry.registry(Arn.registryName(arn)).tags()));
    }

    private RegisteredSchema schema(JsonNode request) {
        JsonNode id = request.path("SchemaId");
        if (id.hasNonNull("SchemaArn")) {
            String[] names = Arn.schemaNames(id.get("SchemaArn").asText());
            return registry.schema(names[0], names[1]);
        }
        return registry.schema(registryName(id), required(id, "SchemaName"));
    }

    private SchemaVersion version(JsonNode request) {
        if (request.hasNonNull("SchemaVersionId")) {
            return registry.version(uuid(request.get("SchemaVersionId").asText()));
        }
        List<SchemaVersion> versions = registry.versions(schema(request));
        JsonNode number = request.path("SchemaVersionNumber");
        boolean newest = number.path("LatestVersion").asBoolean();
        return versions.stream()
                .filter(version -> newest
                        || version.number() == number.path("VersionNumber").asLong())
                .findFirst()
                .orElseThrow(() -> RegistryError.notFound("Schema version is not found. " + number));
    }

    private static String registryName(JsonNode id) {
        if (id.hasNonNull("RegistryArn")) {
            return Arn.registryName(id.get("RegistryArn").asText());
        }
        return optional(id, "RegistryName", Registry.DEFAULT);
    }

    private long latest(RegisteredSchema schema) {
        List<SchemaVersion> versions = registry.versions(schema);
        return versions.isEmpty() ? 0 : versions.get(0).number();
    }

    private static ObjectNode describe(RegistryEntry entry) {
        return object().put("RegistryName", entry.name())
                .put("RegistryArn", entry.arn())
                .put("Description", entry.description())
                .put("Status", "AVAILABLE")
                .put("CreatedTime", entry.created())
                .put("UpdatedTime", entry.created());
    }

    private ObjectNode describe(RegisteredSchema schema) {
        long latest = latest(schema);
        return object().put("RegistryName", schema.registry())
                .put("RegistryArn", Arn.registry(schema.registry()))
                .put("SchemaName", schema.name())
                .put("SchemaArn", schema.arn())
                .put("Description", schema.description())
                .put("DataFormat", AVRO)
                .put("Compatibility", schema.compatibility().name())
                .put("SchemaCheckpoint", 1)
                .put("LatestSchemaVersion", latest)
                .put("NextSchemaVersion", latest + 1)
                .put("SchemaStatus", "AVAILABLE")
                .put("CreatedTime", schema.created())
                .put("UpdatedTime", schema.created());
    }

    private static ObjectNode describe(SchemaVersion version) {
        return object().put("SchemaVersionId", version.id().toString())
                .put("SchemaArn", Arn.schema(version.registry(), version.schema()))
                .put("VersionNumber", version.number())
                .put("Status", version.status().name())
                .put("CreatedTime", version.created());
    }

    /** A page of a list; the token is the index at which the next one begins. */
    private static <T> ObjectNode page(JsonNode request, String name, List<T> all, Function<T, ObjectNode> describe) {
        int from = Math.min(number(optional(request, "NextToken", "0")), all.size());
        int to = Math.min(from + request.path("MaxResults").asInt(PAGE), all.size());
        ObjectNode answer = object();
        all.subList(from, to).forEach(item -> answer.withArray(name).add(describe.apply(item)));
        answer.withArray(name);
        return to < all.size() ? answer.put("NextToken", Integer.toString(to)) : answer;
    }

    private static void requireAvro(String format) {
        if (!format.equals(AVRO)) {
            throw RegistryError.invalid("DataFormat is not supported by this registry: " + format);
        }
    }

    private static Compatibility compatibility(String name) {
        try {
            return Compatibility.valueOf(name);
        } catch (IllegalArgumentException e) {
            throw RegistryError.invalid("Not a compatibility mode: " + name);
        }
    }

    private static UUID uuid(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw RegistryError.invalid("Not a schema version id: " + text);
        }
    }

    private static int number(String text) {
        try {
            return Integer.parseUnsignedInt(text);
        } catch (NumberFormatException e) {
            throw RegistryError.invalid("Not a token of this registry: " + text);
        }
    }

    private static String required(JsonNode request, String field) {
        String value = optional(request, field, "");
        if (value.isEmpty()) {
            throw RegistryError.malformed("Value is missing: " + field);
        }
        return value;
    }

    private static String optional(JsonNode request, String field, String otherwise) {
        return request.hasNonNull(field) ? request.get(field).asText() : otherwise;
    }

    private static Map<String, String> tags(JsonNode request) {
        Map<String, String> tags = new TreeMap<>();
        request.path("Tags")
                .properties()
                .forEach(tag -> tags.put(tag.getKey(), tag.getValue().asText()));
        return tags;
    }

    private static ObjectNode map(Map<String, String> values) {
        ObjectNode node = object();
        values.forEach(node::put);
        return node;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
