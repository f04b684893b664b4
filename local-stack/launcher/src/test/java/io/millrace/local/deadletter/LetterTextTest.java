package io.millrace.local.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LetterTextTest {
    private static final Instant NOW = Instant.parse("2024-02-29T12:00:00Z");

    @Test
    void aThousandLikeFailuresAreOneLine() {
        List<Letter> letters = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            letters.add(letter("id" + i, "RULE_BROKEN", "shop.public.orders", "new", null, "2024-02-29T11:00:00Z"));
        }
        letters.add(letter("x", "MALFORMED", null, "replayed", "applied", "2024-02-29T11:30:00Z"));

        assertThat(LetterText.summary(LetterText.groups(letters))).hasSize(3).satisfies(lines -> {
            assertThat(lines.get(1)).contains("1,000", "new", "shop.public.orders", "RULE_BROKEN");
            assertThat(lines.get(2)).contains("1", "replayed, applied", "shop", "MALFORMED");
        });
        assertThat(LetterText.summary(List.of())).containsExactly("No dead letters.");
    }

    @Test
    void everyConditionOfAFilterMustHold() {
        Letter letter = letter("a", "RULE_BROKEN", "shop.public.orders", "new", null, "2024-02-29T11:00:00Z");

        assertThat(filter("code=rule-broken", "table=public.orders")).accepts(letter);
        assertThat(filter("table=orders,state=new,since=2h")).accepts(letter);
        assertThat(filter("table=orders", "since=30m")).rejects(letter);
        assertThat(filter("until=2024-02-29")).rejects(letter);
        assertThat(filter("reason=why")).accepts(letter);
        assertThat(filter().inState("new")).accepts(letter);
        assertThat(filter("state=replayed").inState("new")).rejects(letter);
    }

    @Test
    void aFilterThatIsNoneSaysWhatWouldBe() {
        assertThatThrownBy(() -> filter("colour=red"))
                .hasMessageContaining("Cannot filter by: colour=red")
                .hasMessageContaining("table");
        assertThatThrownBy(() -> filter("since=yesterday")).hasMessageContaining("Cannot read time: yesterday");
    }

    private static LetterFilter filter(String... texts) {
        return LetterFilter.parse(List.of(texts), NOW);
    }

    private static Letter letter(
            String id, String code, @Nullable String table, String state, @Nullable String outcome, String seen) {
        return new Letter(
                id, "p", code, "why", "shop", table, null, null, null, null, null, seen, null, null, null, null, state,
                1, outcome, null, null, null);
    }
}
