package io.millrace.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.registry.GlueFrame.Compression;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlueFrameTest {
    private static final UUID ID = UUID.fromString("b7b4a7f0-9c96-4e4a-a687-fb5de9ef0c63");

    @ParameterizedTest
    @EnumSource(Compression.class)
    void bodyComesBack(Compression compression) {
        byte[] body = "a body, a body, a body".repeat(1000).getBytes(java.nio.charset.StandardCharsets.UTF_8);

        GlueFrame frame = GlueFrame.parse(GlueFrame.write(ID, body, compression));

        assertThat(frame).isEqualTo(new GlueFrame(ID, ByteBuffer.wrap(body)));
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void emptyBodyComesBack(Compression compression) {
        assertThat(GlueFrame.parse(GlueFrame.write(ID, new byte[0], compression))
                        .body()
                        .remaining())
                .isZero();
    }

    /** The layout that AWS documents, byte by byte. */
    @Test
    void frameHasGluesLayout() {
        assertThat(GlueFrame.write(ID, new byte[] {42}, Compression.NONE))
                .isEqualTo(HexFormat.of().parseHex("0300" + "b7b4a7f09c964e4aa687fb5de9ef0c63" + "2a"));
    }

    @Test
    void compressedFrameIsSmaller() {
        assertThat(GlueFrame.write(ID, new byte[10_000], Compression.ZLIB)).hasSizeLessThan(100);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 17})
    void shortFrameIsMalformed(int length) {
        assertMalformed(Arrays.copyOf(GlueFrame.write(ID, new byte[0], Compression.NONE), length));
    }

    @Test
    void otherVersionIsMalformed() {
        byte[] data = GlueFrame.write(ID, new byte[10], Compression.NONE);
        data[0] = 4;

        assertMalformed(data);
        assertThat(GlueFrame.isFrame(data)).isFalse();
    }

    @Test
    void otherCompressionIsMalformed() {
        byte[] data = GlueFrame.write(ID, new byte[10], Compression.NONE);
        data[1] = 1;

        assertMalformed(data);
    }

    @Test
    void cutOffZlibIsMalformed() {
        byte[] data = GlueFrame.write(
                ID, "not so easily compressed".getBytes(java.nio.charset.StandardCharsets.UTF_8), Compression.ZLIB);

        assertMalformed(Arrays.copyOf(data, data.length - 5));
    }

    @Test
    void brokenZlibIsMalformed() {
        byte[] data = GlueFrame.write(ID, new byte[100], Compression.ZLIB);
        data[18] ^= 0x55;

        assertMalformed(data);
    }

    @Test
    void zipBombIsMalformed() {
        byte[] bomb = GlueFrame.write(ID, new byte[GlueFrame.MAX_BODY_BYTES + 1], Compression.ZLIB);

        assertThat(bomb).hasSizeLessThan(100_000);
        assertThatThrownBy(() -> GlueFrame.parse(bomb))
                .isInstanceOf(MalformedFrameException.class)
                .hasMessageContaining("more than");
    }

    private static void assertMalformed(byte[] data) {
        assertThatThrownBy(() -> GlueFrame.parse(data))
                .isInstanceOf(MalformedFrameException.class)
                .hasMessageStartingWith("Cannot ");
    }
}
