package io.millrace.local.stack;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Asks whether a component is ready. */
final class ReadinessProbe {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

    boolean isReady(Readiness readiness, Path readyFile) throws InterruptedException {
        if (readiness instanceof Readiness.Answers answers) {
            return answers(answers);
        }
        return Files.exists(readyFile);
    }

    private boolean answers(Readiness.Answers answers) throws InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(answers.address()).timeout(TIMEOUT).build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }
}
