package io.millrace.schemas.mask;

import java.io.Serializable;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClientBuilder;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;

/**
 * Where the masking key is.
 *
 * @param key the key itself, as the environment had it; null if it is in the secret, or if there is none
 * @param secret the ARN of a secret in AWS Secrets Manager whose text is the key
 * @param endpoint the address of Secrets Manager, if it is not AWS's own of the secret's region
 */
public record KeySource(
        @Nullable String key,
        @Nullable String secret,
        @Nullable String endpoint) implements Serializable {

    /** No key: nothing is masked, and raw records are kept as they are. */
    public static final KeySource NONE = new KeySource(null, null, null);

    /** Whether there is a key at all. */
    public boolean isPresent() {
        return key != null || secret != null;
    }

    /**
     * Fetches the key.
     *
     * @return the key; empty if there is none
     * @throws IllegalStateException if Secrets Manager does not give it
     */
    public Optional<MaskingKey> open() {
        if (key != null) {
            return Optional.of(MaskingKey.of(key));
        }
        return secret == null ? Optional.empty() : Optional.of(fetch(secret));
    }

    private MaskingKey fetch(String arn) {
        // arn:aws:secretsmanager:region:account:secret:name
        SecretsManagerClientBuilder builder = SecretsManagerClient.builder()
                .region(Region.of(arn.split(":", -1)[3]))
                .httpClientBuilder(UrlConnectionHttpClient.builder());
        if (endpoint != null) {
            builder.endpointOverride(URI.create(endpoint));
        }
        try (SecretsManagerClient client = builder.build()) {
            GetSecretValueResponse answer = client.getSecretValue(request -> request.secretId(arn));
            String text = answer.secretString() == null
                    ? answer.secretBinary() == null ? "" : answer.secretBinary().asUtf8String()
                    : answer.secretString();
            return MaskingKey.of(text);
        } catch (SdkException e) {
            throw new IllegalStateException(
                    "Cannot read masking key from Secrets Manager: " + arn
                            + ". Check the secret, and that this process may call secretsmanager:GetSecretValue on it",
                    e);
        }
    }

    /** Does not show the key. */
    @Override
    public String toString() {
        return key != null ? "KeySource[***]" : "KeySource[" + secret + "]";
    }
}
