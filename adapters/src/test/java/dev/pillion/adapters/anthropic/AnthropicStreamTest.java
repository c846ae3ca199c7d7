package dev.pillion.adapters.anthropic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.Output;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.StopReason;
import dev.pillion.protocol.fault.FaultKind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class AnthropicStreamTest {
    private static final String START =
            event(
                    """
                    {"type":"message_start","message":{"id":"msg_1","type":"message",
                    "role":"assistant","model":"m","content":[],"stop_reason":null,
                    "usage":{"input_tokens":25,"cache_creation_input_tokens":10,
                    "cache_read_input_tokens":5,"output_tokens":1}}}
                    """);
    private static final String TEXT =
            event(
                            "{\"type\":\"content_block_start\",\"index\":0,"
                                    + "\"content_block\":{\"type\":\"text\",\"text\":\"\"}}")
                    + event(
                            "{\"type\":\"content_block_delta\",\"index\":0,"
                                    + "\"delta\":{\"type\":\"text_delta\",\"text\":\"hello\"}}")
                    + event("{\"type\":\"content_block_stop\",\"index\":0}");
    private static final String END =
            event(
                            "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},"
                                    + "\"usage\":{\"output_tokens\":9}}")
                    + event("{\"type\":\"message_stop\"}");

    private static String event(String json) {
        ObjectNode data = Samples.object(json);
        return "event: " + data.path("type").asText() + "\ndata: " + data + "\n\n";
    }

    private static List<ChatEvent> events(String stream) {
        return Samples.events(Samples.EVENT_STREAM, stream);
    }

    private static FaultKind fault(String stream) {
        return assertInstanceOf(ChatEvent.Failed.class, events(stream).getLast()).fault().kind();
    }

    @Test
    @DisplayName("F9 a vendor that never closes has finished with its last event")
    void lastEventFinishes() {
        var decoder =
                new AnthropicProvider()
                        .decoder(
                                Samples.ask(Samples.user("hi")).request(),
                                Samples.CONTEXT,
                                Samples.EVENT_STREAM);
        List<ChatEvent> events = new ArrayList<>();
        byte[] bytes = (START + TEXT + END).getBytes(StandardCharsets.UTF_8);
        decoder.body(ByteBuffer.wrap(bytes), events::add);
        assertInstanceOf(ChatEvent.Finished.class, events.getLast());
        decoder.body(ByteBuffer.wrap(bytes), events::add);
        decoder.end(events::add);
        assertEquals(1, events.stream().filter(e -> e instanceof ChatEvent.Finished).count());
        assertInstanceOf(ChatEvent.Finished.class, events.getLast());
    }

    @Test
    @DisplayName("F10 one start, one end, nothing after it, parts in order")
    void oneStartOneEnd() {
        var events = events(START + TEXT + END + START + TEXT + END);
        assertInstanceOf(ChatEvent.Started.class, events.getFirst());
        assertEquals(1, events.stream().filter(e -> e instanceof ChatEvent.Started).count());
        assertInstanceOf(ChatEvent.Finished.class, events.getLast());
        assertEquals(FaultKind.UPSTREAM_PROTOCOL, fault(START + START));
    }

    @Test
    @DisplayName("F11 what cut an answer keeps its meaning")
    void cutsKeepTheirMeaning() {
        for (String[] pair :
                new String[][] {
                    {"max_tokens", "MAX_TOKENS"},
                    {"model_context_window_exceeded", "MAX_TOKENS"},
                    {"refusal", "REFUSAL"},
                    {"pause_turn", "PAUSED"},
                    {"stop_sequence", "STOP_SEQUENCE"},
                    {"tool_use", "TOOL_CALL"}
                }) {
            var fold = Samples.fold(events(START + TEXT + END.replace("end_turn", pair[0])));
            assertEquals(StopReason.valueOf(pair[1]), fold.stop().reason());
        }
    }

    @Test
    @DisplayName("F12 a stream that the vendor cuts fails, wherever it is cut")
    void cutStreamsFail() {
        byte[] whole = (START + TEXT + END).getBytes(StandardCharsets.UTF_8);
        int lastEvent = START.length() + TEXT.length() + END.indexOf("event: message_stop");
        for (int cut = 0; cut < lastEvent; cut += 3) {
            var events = events(new String(whole, 0, cut, StandardCharsets.UTF_8));
            assertInstanceOf(ChatEvent.Failed.class, events.getLast(), "cut at " + cut);
        }
    }

    @Test
    @DisplayName("F13 an error as the first event of a 200 is the fault it names")
    void errorBeforeContent() {
        String overloaded =
                event(
                        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\","
                                + "\"message\":\"Overloaded\"}}");
        assertEquals(FaultKind.OVERLOADED, fault(overloaded));
        assertEquals(FaultKind.OVERLOADED, fault(START + overloaded));
        assertTrue(events(START + overloaded).stream().noneMatch(ChatEvent::isContent));
    }

    @Test
    @DisplayName("F15 bundled, split, CRLF and commented frames are all understood")
    void framesOfAllKinds() {
        String stream = START + TEXT + END;
        String odd = ": hi\r\n\r\n" + stream.replace("\n", "\r\n").replace("data: ", "data:");
        for (int size : new int[] {1, 2, 3, 5, 64, Integer.MAX_VALUE}) {
            var events =
                    Samples.events(
                            Samples.ask(Samples.user("hi")), Samples.EVENT_STREAM, odd, size);
            assertEquals(events(stream), events);
        }
    }

    @Test
    @DisplayName("F25 F26 parallel calls keep index, id and order, in pieces, whole or empty")
    void toolCallsInAllForms() {
        String stream =
                START
                        + event(
                                "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":"
                                    + "{\"type\":\"tool_use\",\"id\":\"a\",\"name\":\"f\",\"input\":{}}}")
                        + event(
                                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":"
                                    + "{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"x\\\"\"}}")
                        + event(
                                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\":"
                                    + " 1.0}\"}}")
                        + event("{\"type\":\"content_block_stop\",\"index\":0}")
                        + event(
                                "{\"type\":\"content_block_start\",\"index\":1,\"content_block\":"
                                        + "{\"type\":\"tool_use\",\"id\":\"b\",\"name\":\"g\","
                                        + "\"input\":{\"y\":[]}}}")
                        + event("{\"type\":\"content_block_stop\",\"index\":1}")
                        + event(
                                "{\"type\":\"content_block_start\",\"index\":2,\"content_block\":"
                                    + "{\"type\":\"tool_use\",\"id\":\"c\",\"name\":\"h\",\"input\":{}}}")
                        + event("{\"type\":\"content_block_stop\",\"index\":2}")
                        + END.replace("end_turn", "tool_use");
        List<Part> parts = Samples.fold(events(stream)).content();
        assertEquals(Samples.call("a", "f", "{\"x\": 1.0}"), parts.get(0));
        assertEquals(Samples.call("b", "g", "{\"y\":[]}"), parts.get(1));
        assertEquals(Samples.call("c", "h", "{}"), parts.get(2));
    }

    @Test
    @DisplayName("F34 JSON mode has the same shape streamed and not, and is checked")
    void jsonModeIsTheSameStreamedAndNot() {
        var ask = Samples.ask(Samples.user("hi"));
        ask.output = new Output(null, new Output.Format.Json(), List.of());
        for (String said :
                List.of("{\"a\": 1}", "```json\n{\"a\": 1}\n```", " \n```\n{\"a\": 1}\n``` \n")) {
            String escaped = Samples.object("{}").put("t", said).path("t").toString();
            String streamed = START + TEXT.replace("\"hello\"", escaped) + END;
            String whole =
                    "{\"type\":\"message\",\"id\":\"m\",\"content\":[{\"type\":\"text\",\"text\":"
                            + escaped
                            + "}],\"stop_reason\":\"end_turn\"}";
            var one = Samples.events(ask, Samples.EVENT_STREAM, streamed, 7);
            var two = Samples.events(ask, Samples.JSON, whole, 7);
            assertEquals(Samples.fold(one).content(), Samples.fold(two).content());
            Part.Text text = (Part.Text) Samples.fold(one).content().getFirst();
            assertEquals("{\"a\": 1}", text.text().strip());
        }
        var broken = Samples.events(ask, Samples.EVENT_STREAM, START + TEXT + END, 7);
        assertInstanceOf(ChatEvent.Failed.class, broken.getLast());
        assertTrue(!((ChatEvent.Failed) broken.getLast()).fault().message().contains("hello"));
    }

    @Test
    @DisplayName("F35 F36 the last usage wins, and what was cached is counted once")
    void usageAddsUp() {
        String end =
                END.replace(
                        "{\"output_tokens\":9}",
                        "{\"input_tokens\":30,\"cache_creation_input_tokens\":12,"
                                + "\"cache_read_input_tokens\":null,\"output_tokens\":9,"
                                + "\"server_tool_use\":{\"web_search_requests\":3}}");
        var usage = Samples.fold(events(START + TEXT + end)).usage();
        assertEquals(30 + 12 + 5, usage.inputTokens());
        assertEquals(5, usage.cachedInputTokens());
        assertEquals(12, usage.cacheWrite5mTokens());
        assertEquals(9, usage.outputTokens());
        assertEquals(3, usage.webSearches());
    }

    @Test
    @DisplayName("F35 writes of five minutes and of an hour are told apart")
    void cacheWritesAreToldApart() {
        var usage =
                new UsageReader()
                        .merge(
                                Samples.object(
                                        """
                                        {"input_tokens":1,"cache_creation_input_tokens":900,
                                        "cache_creation":{"ephemeral_5m_input_tokens":300,
                                        "ephemeral_1h_input_tokens":600},"output_tokens":2}
                                        """));
        assertEquals(300, usage.cacheWrite5mTokens());
        assertEquals(600, usage.cacheWrite1hTokens());
        assertEquals(901, usage.inputTokens());
    }

    @Test
    @DisplayName("F43 F45 F46 citations stream with the vendor's words and count code points")
    void citationsAreRight() {
        String stream =
                START
                        + TEXT.replace("hello", "Grüße 🌍 中")
                                .replace(
                                        "event: content_block_stop",
                                        event(
                                                        "{\"type\":\"content_block_delta\",\"index\":0,"
                                                            + "\"delta\":{\"type\":\"citations_delta\","
                                                            + "\"citation\":{\"type\":"
                                                            + "\"web_search_result_location\","
                                                            + "\"cited_text\":\"q\",\"url\":\"https://a.example\","
                                                            + "\"title\":\"T\","
                                                            + "\"encrypted_index\":\"E==\"}}}")
                                                + "event: content_block_stop")
                        + END;
        var text = (Part.Text) Samples.fold(events(stream)).content().getFirst();
        var citation = text.citations().getFirst();
        assertEquals(0, citation.start());
        assertEquals(9, citation.end());
        assertEquals("https://a.example", citation.url());
        assertEquals("T", citation.title());
        assertEquals("q", citation.quote());
        assertTrue(text.seal().data().contains("E=="));
    }

    @Test
    void noBytesWhateverMakeTheDecoderThrowOrEndTwice() {
        var random = new Random(7);
        String stream = START + TEXT + END;
        for (int round = 0; round < 4_000; round++) {
            byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
            for (int hit = 0; hit < 1 + round % 5; hit++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            var decoder =
                    new AnthropicProvider()
                            .decoder(
                                    Samples.ask(Samples.user("hi")).request(),
                                    Samples.CONTEXT,
                                    Samples.EVENT_STREAM);
            List<ChatEvent> events = new ArrayList<>();
            decoder.body(ByteBuffer.wrap(bytes), events::add);
            decoder.end(events::add);
            Samples.fold(events);
            long ends =
                    events.stream()
                            .filter(e ->
                                    e instanceof ChatEvent.Finished
                                            || e instanceof ChatEvent.Failed)
                            .count();
            assertEquals(1, ends);
        }
    }

    @Test
    void noValueOfAnyKindMakesTheDecoderThrow() {
        var random = new Random(11);
        List<String> events = List.of((START + TEXT + END).split("(?<=\n\n)"));
        for (int round = 0; round < 4_000; round++) {
            var stream = new StringBuilder();
            for (String event : events) {
                int start = event.indexOf("data: ") + 6;
                String json = Mutations.mutate(Samples.json(event.substring(start)), random);
                boolean hit = random.nextInt(3) == 0;
                stream.append(hit ? event.substring(0, start) + json + "\n\n" : event);
            }
            var decoded = events(stream.toString());
            Samples.fold(decoded);
            ChatEvent last = decoded.getLast();
            assertTrue(last instanceof ChatEvent.Finished || last instanceof ChatEvent.Failed);
        }
    }
}
