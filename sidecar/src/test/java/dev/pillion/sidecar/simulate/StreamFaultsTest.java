package dev.pillion.sidecar.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pillion.sidecar.simulate.Misbehaviour.Break;
import dev.pillion.sidecar.simulate.Misbehaviour.How;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes wrong inside a stream, in the words of every vendor and API. */
class StreamFaultsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A kind of stream: who sends it, how it ends, and where its errors have their text. */
    enum Kind {
        OPENAI_CHAT("/v1/chat/completions", "messages", "[DONE]", "/error/message"),
        OPENAI_RESPONSES("/v1/responses", "input", "response.completed", "/error/message"),
        XAI_CHAT("/v1/chat/completions", "messages", "[DONE]", "/error/message"),
        XAI_RESPONSES("/v1/responses", "input", "response.completed", "/message");

        private final String path;
        private final String field;
        private final String end;
        private final String errorText;

        Kind(String path, String field, String end, String errorText) {
            this.path = path;
            this.field = field;
            this.end = end;
            this.errorText = errorText;
        }

        private Simulator start() {
            return Simulator.start(
                    name().startsWith("XAI")
                            ? Simulator.Options.xai()
                            : Simulator.Options.openAi());
        }

        private String request() {
            var model = name().startsWith("XAI") ? "grok-4.5" : "gpt-5.4";
            return "{\"model\":\"%s\",\"stream\":true,\"%s\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"
                    .formatted(model, field);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anErrorComesFirstOrLaterInTheStreamsOwnForm(Kind kind) throws Exception {
        try (var simulator = kind.start();
                var client = new VendorClient(simulator)) {
            for (int after : new int[] {0, 2}) {
                simulator.faults().next(new Misbehaviour.ErrorEvent(after, 503));
                var reply = client.post(kind.path, kind.request());
                assertEquals(200, reply.statusCode());
                var events = reply.body().split("\n\n", 0);
                assertEquals(after + 1, events.length);
                var data = events[after].substring(events[after].indexOf("data: ") + 6);
                assertFalse(JSON.readTree(data).at(kind.errorText).asText().isEmpty(), data);
            }
            simulator.faults().next(new Misbehaviour.Status(503));
            assertEquals(503, client.post(kind.path, kind.request()).statusCode());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStreamLosesItsEndOrIsCut(Kind kind) throws Exception {
        try (var simulator = kind.start();
                var client = new VendorClient(simulator)) {
            assertTrue(client.post(kind.path, kind.request()).body().contains(kind.end));
            simulator.faults().next(new Break(Integer.MAX_VALUE, How.END));
            assertFalse(client.post(kind.path, kind.request()).body().contains(kind.end));
            simulator.faults().next(new Misbehaviour.NeverEnds(false));
            try (var socket = client.open(kind.path, kind.request())) {
                assertTrue(VendorClient.readUntil(socket, "Hi").contains("200"));
            }
            simulator.faults().next(new Misbehaviour.Huge(2));
            assertTrue(client.post(kind.path, kind.request()).body().length() > 2 << 20);
        }
    }
}
