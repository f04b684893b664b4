package io.millrace.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class LocalPortTest {

    @Test
    void aPortThatSomebodyListensOnIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int port = taken.getLocalPort();

            assertThatThrownBy(() -> LocalPort.requireFree("Thing", port))
                    .isInstanceOf(CannotStart.class)
                    .hasMessage("Cannot start Thing on port " + port + ": the port is taken");
            assertThat(LocalPort.answers(port)).isTrue();
        }
    }

    @Test
    void aPortIsFreeAgainAfterItsServerStopped() throws Exception {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = taken.getLocalPort();
        }

        assertThatCode(() -> LocalPort.requireFree("Thing", port)).doesNotThrowAnyException();
        assertThat(LocalPort.answers(port)).isFalse();
    }
}
