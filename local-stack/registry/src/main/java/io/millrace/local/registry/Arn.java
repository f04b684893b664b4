package io.millrace.local.registry;

/** The names that AWS gives to registries and schemas, with a made-up account. */
final class Arn {

    private static final String PREFIX = "arn:aws:glue:us-east-1:000000000000:";

    private Arn() {}

    static String registry(String name) {
        return PREFIX + "registry/" + name;
    }

    static String schema(String registry, String name) {
        return PREFIX + "schema/" + registry + "/" + name;
    }

    /** The registry's name in its ARN. */
    static String registryName(String arn) {
        return after(arn, PREFIX + "registry/");
    }

    /** The registry's and the schema's name in the schema's ARN, in this order. */
    static String[] schemaNames(String arn) {
        String[] names = after(arn, PREFIX + "schema/").split("/", 2);
        if (names.length != 2) {
            throw RegistryError.invalid("Not the ARN of a schema: " + arn);
        }
        return names;
    }

    private static String after(String arn, String prefix) {
        if (!arn.startsWith(prefix)) {
            throw RegistryError.invalid("Not an ARN of this registry: " + arn);
        }
        return arn.substring(prefix.length());
    }
}
