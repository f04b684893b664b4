package io.millrace.capture.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That PostgreSQL writes arrays like this: TypesIT. */
class ArrayTextTest {

    @Test
    void elementsAreWhatStandsBetweenTheBraces() {
        assertThat(ArrayText.elements("{}")).isEmpty();
        assertThat(ArrayText.elements("{a}")).containsExactly("a");
        assertThat(ArrayText.elements("{1 day,$1.50}")).containsExactly("1 day", "$1.50");
        assertThat(ArrayText.elements("{a,NULL,null}")).containsExactly("a", null, "null");
    }

    @Test
    void quotesAreTakenOff() {
        assertThat(ArrayText.elements("{\"\",\"NULL\",\"a,b\",\"{c}\",\"d\\\"e\\\\f\"}"))
                .containsExactly("", "NULL", "a,b", "{c}", "d\"e\\f");
    }

    @Test
    void boundsDoNotCount() {
        assertThat(ArrayText.elements("[0:1]={a,b}")).containsExactly("a", "b");
    }

    @Test
    void rowsOfSeveralDimensionsAreNulls() {
        assertThat(ArrayText.elements("{{a,\"}\"},{c,d}}")).containsExactly(null, null);
        assertThat(ArrayText.elements("[1:1][-2:-1]={{a,b}}")).containsExactly((String) null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "a", "{a", "{\"a}", "{a,", "{{a}"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> ArrayText.elements(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
