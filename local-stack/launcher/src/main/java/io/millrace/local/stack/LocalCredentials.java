package io.millrace.local.stack;

/** What the local servers accept. Nothing secret: they listen on 127.0.0.1 and hold what this machine's user has. */
public final class LocalCredentials {

    public static final String ACCESS_KEY = "millrace";
    public static final String SECRET_KEY = "millrace-local";
    public static final String REGION = "us-east-1";

    /** The owner of the Iceberg catalog's database. */
    public static final String CATALOG_USER = "iceberg";

    /** The password of the Iceberg catalog's database. */
    public static final String CATALOG_PASSWORD = "millrace-local";

    private LocalCredentials() {}
}
