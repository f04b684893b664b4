package io.millrace.iceberg.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SipHashTest {

    /** The algorithm's own test vectors: key and text are 00 01 02 and so on. */
    @ParameterizedTest
    @CsvSource({
        "0, a3817f04ba25a8e66df67214c7550293",
        "1, da87c1d86b99af44347659119b22fc45",
        "7, a1f1ebbed8dbc153c0b84aa61ff08239",
        "8, 3b62a9ba6258f5610f83e264f31497b4",
        "15, 5493e99933b0a8117e08ec0f97cfc3d9",
    })
    void isSipHash128(int length, String expected) {
        byte[] text = new byte[length + 3];
        for (int i = 0; i < text.length; i++) {
            text[i] = (byte) i;
        }
        SipHash hash = new SipHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
        hash.hash(text, length);
        byte[] result = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(hash.low())
                .putLong(hash.high())
                .array();
        assertThat(HexFormat.of().formatHex(result)).isEqualTo(expected);
    }
}
