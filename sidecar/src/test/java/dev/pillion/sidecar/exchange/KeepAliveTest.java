package dev.pillion.sidecar.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Signs of life on every surface, whose answers are translated or go through as they come. */
class KeepAliveTest {
    private static final String EVENTS = "text/event-stream";
    private static final String PING = "event: ping\ndata: {\"type\":\"ping\"}\n\n";
    private static final String COMMENT = ": keep-alive\n\n";

    private static final String CHUNK =
            "data:"
                + " {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",";
    private static final String GEMINI =
            "data:"
                + " {\"responseId\":\"r\",\"modelVersion\":\"m\",\"candidates\":[{\"content\":{\"role\":\"model\",";

    /** A surface; what its own vendor sends before content, as content, and at the end. */
    enum Form {
        GENERATE("/v1/generate", "{\"model\":\"M\",\"stream\":true,MESSAGES}", PING, "", "", ""),
        CHAT(
                "/v1/chat/completions",
                "{\"model\":\"M\",\"stream\":true,MESSAGES}",
                COMMENT,
                CHUNK
                        + "\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}\n\n",
                CHUNK
                        + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hello\"},\"finish_reason\":null}]}\n\n",
                CHUNK
                        + "\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
                        + "data: [DONE]\n\n"),
        RESPONSES(
                "/v1/responses",
                "{\"model\":\"M\",\"stream\":true,\"input\":\"hi\"}",
                COMMENT,
                FlowBed.event(
                        "{\"type\":\"response.created\",\"sequence_number\":0,\"response\":{\"id\":\"resp_1\",\"status\":\"in_progress\",\"output\":[]}}"),
                FlowBed.event(
                        "{\"type\":\"response.output_text.delta\",\"sequence_number\":1,\"item_id\":\"m1\",\"output_index\":0,\"content_index\":0,\"delta\":\"hello\"}"),
                FlowBed.event(
                        "{\"type\":\"response.completed\",\"sequence_number\":2,\"response\":{\"id\":\"resp_1\",\"status\":\"completed\",\"output\":[],\"usage\":{\"input_tokens\":1,\"output_tokens\":1,\"total_tokens\":2}}}")),
        MESSAGES(
                "/v1/messages",
                "{\"model\":\"M\",\"stream\":true,\"max_tokens\":99,MESSAGES}",
                PING,
                FlowBed.START + FlowBed.BLOCK,
                FlowBed.HELLO,
                FlowBed.END),
        GEMINI_EVENTS(
                "/v1beta/models/M:streamGenerateContent?alt=sse",
                "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]}]}",
                "",
                "",
                GEMINI + "\"parts\":[{\"text\":\"hello\"}]}}]}\n\n",
                GEMINI + "\"parts\":[{\"text\":\"\"}]},\"finishReason\":\"STOP\"}]}\n\n");

        private final String path;
        private final String ask;
        private final String sign;
        private final String before;
        private final String content;
        private final String end;

        Form(String path, String ask, String sign, String before, String content, String end) {
            this.path = path;
            this.ask = ask;
            this.sign = sign;
            this.before = before;
            this.content = content;
            this.end = end;
        }

        FakeClient post(FlowBed bed, String model) {
            String messages = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
            return bed.post(
                    path.replace("M", model),
                    ask.replace("MESSAGES", messages).replace("\"M\"", '"' + model + '"'));
        }

        int signs(FakeClient client) {
            return sign.isEmpty() ? 0 : client.count(sign);
        }

        int expected(int signs) {
            return sign.isEmpty() ? 0 : signs;
        }
    }

    private static final String CONFIG =
            """
            version: 1
            providers:
              anthropic: {base_url: "http://a.test", keys: [{id: a1, value: key-a}]}
              openai: {base_url: "http://o.test", keys: [{id: o1, value: key-o}]}
              gemini: {base_url: "http://g.test", keys: [{id: g1, value: key-g}]}
            models:
              - {id: anthropic/of-anthropic, class: balanced, can: [tools, stream], context: 200000,
                 max_output: 4096, price: {input: 1, output: 2}}
              - {id: openai/of-openai, class: balanced, can: [tools, stream], context: 200000,
                 max_output: 4096, price: {input: 1, output: 2}}
              - {id: gemini/of-gemini, class: balanced, can: [tools, stream], context: 200000,
                 max_output: 4096, price: {input: 1, output: 2}}
            """;

    private final FlowBed bed = new FlowBed(CONFIG);

    @AfterEach
    void everythingIsGivenBack() {
        assertEquals(0, bed.loop.pending(), "timers that keep the exchange in memory");
        bed.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Form.class,
            names = {"MESSAGES"},
            mode = EnumSource.Mode.EXCLUDE)
    @DisplayName("F8: a translated stream is kept alive before and after the header and content")
    void aTranslatedStreamIsKeptAlive(Form form) {
        FakeClient client = form.post(bed, "of-anthropic");
        FakeVendors.Call call = bed.vendors.last();
        bed.loop.pass(Duration.ofSeconds(9));
        assertEquals(0, client.status, "the header is held back");
        bed.loop.pass(Duration.ofSeconds(2));
        assertEquals(200, client.status);
        bed.loop.pass(Duration.ofSeconds(10));
        assertEquals(form.expected(2), form.signs(client), client.text());
        call.head(200, EVENTS);
        call.says(FlowBed.START + FlowBed.BLOCK + FlowBed.HELLO);
        bed.loop.pass(Duration.ofSeconds(11));
        assertEquals(form.expected(3), form.signs(client), client.text());
        call.says(FlowBed.END);
        call.ends();
        assertTrue(client.finished);
        assertTrue(client.text().contains("hello"), client.text());
    }

    @ParameterizedTest
    @EnumSource(
            value = Form.class,
            names = {"GENERATE"},
            mode = EnumSource.Mode.EXCLUDE)
    @DisplayName(
            "F8: a stream that goes through is kept alive between its events, and else as it was")
    void aPassedStreamIsKeptAlive(Form form) {
        FakeClient client = form.post(bed, own(form));
        FakeVendors.Call call = bed.vendors.last();
        call.head(200, EVENTS);
        call.says(form.before);
        bed.loop.pass(Duration.ofSeconds(11));
        assertEquals(200, client.status);
        assertEquals(form.expected(1), form.signs(client), client.text());
        // Half of an event is no place for a sign of life.
        call.says(form.content + form.end.substring(0, 20));
        bed.loop.pass(Duration.ofSeconds(11));
        assertEquals(form.expected(2), form.signs(client), client.text());
        call.says(form.end.substring(20));
        call.ends();
        assertTrue(client.finished);
        String plain = form.sign.isEmpty() ? client.text() : client.text().replace(form.sign, "");
        assertEquals(form.before + form.content + form.end, plain);
    }

    private static String own(Form form) {
        return switch (form) {
            case CHAT, RESPONSES -> "of-openai";
            case GEMINI_EVENTS -> "of-gemini";
            case GENERATE, MESSAGES -> "of-anthropic";
        };
    }

    @Test
    @DisplayName("F8: while the vendor itself pings, Pillion does not")
    void theVendorsOwnPingsAreEnough() {
        FakeClient client = Form.MESSAGES.post(bed, "of-anthropic");
        FakeVendors.Call call = bed.vendors.last();
        call.head(200, EVENTS);
        call.says(FlowBed.START + FlowBed.BLOCK + FlowBed.HELLO);
        for (int i = 0; i < 5; i++) {
            bed.loop.pass(Duration.ofSeconds(9));
            call.says(PING);
        }
        assertEquals(5, client.count(PING), client.text());
        call.says(FlowBed.END);
        call.ends();
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    @DisplayName("F8: a vendor's ping is a sign of life on every surface, or nothing")
    void aVendorsPingIsTranslated(Form form) {
        FakeClient client = form.post(bed, "of-anthropic");
        FakeVendors.Call call = bed.vendors.last();
        call.head(200, EVENTS);
        call.says(FlowBed.START + PING + FlowBed.BLOCK + FlowBed.HELLO + PING + FlowBed.END);
        call.ends();
        assertTrue(client.finished);
        assertEquals(form.sign.equals(PING) ? 2 : 0, client.count(PING), client.text());
    }
}
