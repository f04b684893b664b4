package io.millrace.local.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RestartPolicyTest {

    @Test
    void whoLivedLongStartsAgainAtOnce() {
        RestartPolicy.Decision decision = RestartPolicy.afterDeath(5, RestartPolicy.ADULT);

        assertThat(decision).isEqualTo(new RestartPolicy.Decision(1, Duration.ofMillis(500), false));
    }

    @Test
    void whoDiesYoungWaitsLongerEachTime() {
        assertThat(RestartPolicy.afterDeath(1, Duration.ZERO).delay()).isEqualTo(Duration.ofSeconds(1));
        assertThat(RestartPolicy.afterDeath(2, Duration.ZERO).delay()).isEqualTo(Duration.ofSeconds(2));
        assertThat(RestartPolicy.afterDeath(7, Duration.ZERO).delay()).isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void whoKeepsDyingYoungIsGivenUp() {
        assertThat(RestartPolicy.afterDeath(RestartPolicy.MOST_DEATHS - 1, Duration.ZERO)
                        .giveUp())
                .isFalse();
        assertThat(RestartPolicy.afterDeath(RestartPolicy.MOST_DEATHS, Duration.ZERO)
                        .giveUp())
                .isTrue();
    }
}
