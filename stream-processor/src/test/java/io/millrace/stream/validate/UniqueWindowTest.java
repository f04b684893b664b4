package io.millrace.stream.validate;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.stream.validate.UniqueWindow.Holder;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UniqueWindowTest {
    private final UniqueWindow window = new UniqueWindow(100);
    private final Memory memory = new Memory();

    @Test
    void anotherRowMayNotTakeAValueWithinTheWindow() {
        assertThat(take("a", "v", 1000)).isTrue();
        assertThat(take("b", "v", 1050)).isFalse();
        assertThat(take("b", "v", 1100)).isTrue();
    }

    @Test
    void theSameRowKeepsItsValueHoweverOftenItComes() {
        assertThat(take("a", "v", 1000)).isTrue();
        assertThat(take("a", "v", 1000)).isTrue();
        assertThat(take("a", "v", 1090)).isTrue();
        assertThat(take("b", "v", 1150)).isFalse();
    }

    @Test
    void aValueIsFreeWhenItsRowIsDeletedOrTakesAnotherOne() {
        take("a", "v", 1000);
        take("a", null, 1010);
        assertThat(take("b", "v", 1020)).isTrue();
        take("b", "w", 1030);
        assertThat(take("c", "v", 1040)).isTrue();
        assertThat(take("c", "w", 1045)).isFalse();
    }

    @Test
    void whoWasRefusedHasNothing() {
        take("a", "v", 1000);
        take("b", "w", 1000);
        assertThat(take("b", "v", 1010)).isFalse();
        assertThat(take("c", "w", 1020)).isFalse();
    }

    @Test
    void anOlderChangeOfARowTakesNothingBack() {
        take("a", "v", 1000);
        take("a", "w", 1010);
        assertThat(take("a", "v", 1000)).isTrue();
        assertThat(take("b", "v", 1020)).isTrue();
        assertThat(take("b", "w", 1030)).isFalse();
    }

    private boolean take(String row, @Nullable String value, long time) {
        return window.take(row, value, time, memory);
    }

    private static final class Memory implements UniqueWindow.Claims {
        private final Map<String, Holder> holders = new HashMap<>();
        private final Map<String, String> values = new HashMap<>();

        @Override
        public @Nullable Holder holder(String value) {
            return holders.get(value);
        }

        @Override
        public @Nullable String valueOf(String row) {
            return values.get(row);
        }

        @Override
        public void give(String value, Holder holder) {
            holders.put(value, holder);
            values.put(holder.row(), value);
        }

        @Override
        public void take(String value, String row) {
            Holder holder = holders.get(value);
            if (holder != null && holder.row().equals(row)) {
                holders.remove(value);
            }
            values.remove(row);
        }
    }
}
