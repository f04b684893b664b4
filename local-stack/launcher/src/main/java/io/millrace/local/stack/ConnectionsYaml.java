package io.millrace.local.stack;

/** The connections file of a stack: its own servers, and the credentials that they accept. */
final class ConnectionsYaml {

    static final String BUCKET = "millrace";
    static final String REGISTRY = "millrace";
    static final String CATALOG = "millrace";
    static final String CATALOG_DATABASE = "iceberg";

    private ConnectionsYaml() {}

    static String kinesis(Ports ports) {
        return http(ports.number(Port.KINESIS));
    }

    static String kafka(Ports ports) {
        return "127.0.0.1:" + ports.number(Port.KAFKA);
    }

    static String s3(Ports ports) {
        return http(ports.number(Port.S3));
    }

    static String registry(Ports ports) {
        return http(ports.number(Port.REGISTRY));
    }

    static String opensearch(Ports ports) {
        return http(ports.number(Port.OPENSEARCH));
    }

    static String catalog(Ports ports) {
        return "jdbc:postgresql://127.0.0.1:%s/%s".formatted(ports.number(Port.POSTGRES), CATALOG_DATABASE);
    }

    /** Where a pipeline keeps what is neither table nor stream. */
    static String storage(String pipeline) {
        return "s3://%s/%s".formatted(BUCKET, pipeline);
    }

    static String render(Ports ports, String pipeline) {
        return """
                # Where the local stack's servers are; written at each start.
                connections:
                  kinesis:
                    region: %1$s
                    endpoint: "%2$s"
                  kafka:
                    bootstrap-servers: ["%15$s"]
                  schema-registry:
                    region: %1$s
                    endpoint: "%3$s"
                    name: %4$s
                  storage:
                    region: %1$s
                    endpoint: "%5$s"
                    location: "%6$s"
                  iceberg:
                    catalog: %7$s
                    properties:
                      type: jdbc
                      uri: "%8$s"
                      jdbc.user: "%9$s"
                      jdbc.password: "%10$s"
                      jdbc.schema-version: V1
                      jdbc.connectTimeout: "10"
                      jdbc.socketTimeout: "60"
                      warehouse: "s3://%11$s/warehouse"
                      io-impl: org.apache.iceberg.aws.s3.S3FileIO
                      client.region: %1$s
                      s3.endpoint: "%5$s"
                      s3.path-style-access: "true"
                      s3.access-key-id: "%12$s"
                      s3.secret-access-key: "%13$s"
                  opensearch:
                    hosts: ["%14$s"]
                    replicas: 0
                """.formatted(
                        LocalCredentials.REGION,
                        kinesis(ports),
                        registry(ports),
                        REGISTRY,
                        s3(ports),
                        storage(pipeline),
                        CATALOG,
                        catalog(ports),
                        LocalCredentials.CATALOG_USER,
                        LocalCredentials.CATALOG_PASSWORD,
                        BUCKET,
                        LocalCredentials.ACCESS_KEY,
                        LocalCredentials.SECRET_KEY,
                        opensearch(ports),
                        kafka(ports));
    }

    private static String http(int port) {
        return "http://127.0.0.1:" + port;
    }
}
