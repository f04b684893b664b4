package io.millrace.stream.sink.opensearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class BulkTest {

    @Test
    void aRequestHasALineForTheActionAndOneForTheDocument() {
        byte[] body = BulkRequest.body(List.of(
                new BulkItem("orders", "a\"b", 7, utf8("{\"id\":1}"), "s.p.orders", 0, null),
                new BulkItem("orders", "2", 8, null, "s.p.orders", 0, null)));

        assertThat(new String(body, StandardCharsets.UTF_8)).isEqualTo("""
                {"index":{"_index":"orders","_id":"a\\"b","version":7,"version_type":"external"}}
                {"id":1}
                {"delete":{"_index":"orders","_id":"2","version":8,"version_type":"external"}}
                """);
    }

    @Test
    void anAnswerWithoutErrorsIsDoneForAll() throws IOException {
        assertThat(BulkResponse.parse(utf8("{\"errors\":false}"), 2))
                .containsExactly(new ItemResult.Done(), new ItemResult.Done());
    }

    @Test
    void everyItemHasItsOwnResult() throws IOException {
        byte[] answer = utf8("""
                {"errors":true,"items":[
                  {"index":{"status":201}},
                  {"delete":{"status":404}},
                  {"index":{"status":409,"error":{"type":"version_conflict_engine_exception","reason":"…"}}},
                  {"index":{"status":429,"error":{"type":"rejected_execution_exception","reason":"…"}}},
                  {"index":{"status":503,"error":{"type":"unavailable_shards_exception","reason":"…"}}},
                  {"index":{"status":403,"error":{"type":"cluster_block_exception","reason":"…"}}},
                  {"index":{"status":404,"error":{"type":"index_not_found_exception","reason":"…"}}},
                  {"index":{"status":400,"error":{"type":"mapper_parsing_exception",
                    "reason":"failed to parse field [a]. Preview of field's value: 'secret'"}}}]}
                """);

        assertThat(BulkResponse.parse(answer, 8))
                .containsExactly(
                        new ItemResult.Done(),
                        new ItemResult.Done(),
                        new ItemResult.Stale(),
                        new ItemResult.Busy("rejected_execution_exception"),
                        new ItemResult.Busy("unavailable_shards_exception"),
                        new ItemResult.Busy("cluster_block_exception"),
                        new ItemResult.Impossible("index_not_found_exception"),
                        new ItemResult.Refused("mapper_parsing_exception: failed to parse field [a]"));
    }

    @Test
    void anAnswerOfAnotherShapeIsNotTakenForSuccess() {
        assertThatThrownBy(() -> BulkResponse.parse(utf8("{}"), 1)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> BulkResponse.parse(utf8("{\"errors\":true,\"items\":[]}"), 1))
                .isInstanceOf(IOException.class);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
