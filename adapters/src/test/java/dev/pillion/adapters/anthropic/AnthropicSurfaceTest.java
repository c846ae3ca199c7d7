package dev.pillion.adapters.anthropic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.ErrorContext;
import dev.pillion.adapters.ReplyContext;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.corpus.AnthropicMessages;
import dev.pillion.adapters.corpus.Sse;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.ChatReply;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Citation;
import dev.pillion.protocol.chat.Cost;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.chat.Ending;
import dev.pillion.protocol.chat.Need;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Role;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.chat.Stop;
import dev.pillion.protocol.chat.StopReason;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Extras;
import dev.pillion.protocol.wire.Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AnthropicSurfaceTest {
    private static final AnthropicDialect DIALECT = new AnthropicDialect();
    private static final Headers NEW = Headers.of("anthropic-version", "2026-10-21");
    private static final Headers OLD = Headers.of("anthropic-version", "2023-06-01");
    private static final String ALL =
            """
            {"model":"claude-test-1","max_tokens":2048,"stream":true,
            "system":[{"type":"text","text":"Be brief.","cache_control":{"type":"ephemeral"}}],
            "stop_sequences":["END"],"metadata":{"user_id":"u"},"service_tier":"auto",
            "container":"c_1","from_the_future":{"a":1},"thinking":{"type":"adaptive"},
            "output_config":{"effort":"low","format":{"type":"json_schema",
            "schema":{"type":"object","properties":{}}}},
            "tools":[{"name":"f","input_schema":{"type":"object"},"defer_loading":true},
            {"type":"web_search_20250305","name":"web_search","max_uses":2},
            {"type":"memory_20250818","name":"memory"}],
            "tool_choice":{"type":"auto","disable_parallel_tool_use":true},
            "messages":[{"role":"user","content":[
            {"type":"image","source":{"type":"url","url":"https://x.example/a.png"}},
            {"type":"document","source":{"type":"text","media_type":"text/plain","data":"d"},
            "title":"t","citations":{"enabled":true}},
            {"type":"search_result","source":"s","title":"t",
            "content":[{"type":"text","text":"x"}]},
            {"type":"text","text":"look","cache_control":{"type":"ephemeral","ttl":"1h"}}]},
            {"role":"assistant","content":[
            {"type":"thinking","thinking":"hm","signature":"sig"},
            {"type":"redacted_thinking","data":"red"},
            {"type":"text","text":"so","citations":[{"type":"char_location","cited_text":"d",
            "document_index":0,"document_title":"t","start_char_index":0,"end_char_index":1}]},
            {"type":"tool_use","id":"a","name":"f","input":{"x":1},
            "caller":{"type":"code_execution_20260120","tool_id":"s"}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"a","is_error":true,
            "content":"no"},{"type":"text","text":"go on"}]},
            {"role":"system","content":"late","clear_at":"never"}]}
            """;

    private static Surface surface(Headers headers, String body) {
        return new Surface("/v1/messages", headers, body.getBytes(StandardCharsets.UTF_8));
    }

    private static ChatRequest decode(Headers headers, String body) {
        return DIALECT.decode(surface(headers, body));
    }

    private static Fault refused(Headers headers, String body) {
        return assertThrows(FaultException.class, () -> decode(headers, body)).fault();
    }

    private static String minimal(String more) {
        return "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\","
                + "\"content\":\"hi\"}]"
                + more
                + "}";
    }

    private static ReplyContext context() {
        return new ReplyContext("req_1", "claude-test-1", 0, true, surface(NEW, "{}"));
    }

    private static Ending ending(StopReason reason) {
        var usage = new Usage(30, 5, 4, 6, 9, 3, 0, 0, 1, "standard", false);
        return new Ending(new Stop(reason), usage, Cost.UNKNOWN, null, List.of());
    }

    private static String stream(List<ChatEvent> events, Ending ending) {
        var encoder = DIALECT.encoder(context());
        var out = new ByteSink();
        events.forEach(e -> encoder.event(e, out));
        encoder.finish(ending, out);
        return new String(out.toByteArray(), StandardCharsets.UTF_8);
    }

    @Test
    @DisplayName("F48 F49 every field, known or not, comes through to the vendor")
    void everyFieldComesThrough() {
        var headers =
                Headers.of("anthropic-version", "2026-10-21", "anthropic-beta", "one,two-2099");
        ChatRequest request = decode(headers, ALL);
        var call =
                new AnthropicProvider()
                        .encode(
                                request,
                                new EncodeContext(Samples.MODEL, "anthropic", "main", false));
        JsonNode body = Samples.body(call);
        assertEquals("one,two-2099", call.headers().get("anthropic-beta"));
        assertEquals(1, body.path("from_the_future").path("a").asInt());
        assertEquals("c_1", body.path("container").asText());
        assertEquals("u", body.path("metadata").path("user_id").asText());
        assertEquals("adaptive", body.path("thinking").path("type").asText());
        assertEquals("low", body.path("output_config").path("effort").asText());
        assertTrue(body.path("output_config").has("format"));
        assertTrue(body.path("tools").path(0).path("defer_loading").asBoolean());
        JsonNode assistant = body.path("messages").path(1).path("content");
        assertEquals("sig", assistant.path(0).path("signature").asText());
        assertEquals("red", assistant.path(1).path("data").asText());
        assertEquals(
                "char_location", assistant.path(2).path("citations").path(0).path("type").asText());
        assertEquals("s", assistant.path(3).path("caller").path("tool_id").asText());
        assertEquals("never", body.path("messages").path(3).path("clear_at").asText());
        assertEquals(2, body.findValues("cache_control").size());
    }

    @Test
    void theUniformFormHoldsWhatItHasWordsFor() {
        ChatRequest request = decode(NEW, ALL);
        assertEquals(Effort.LOW, request.effort());
        assertEquals(2, request.webSearch().maxUses());
        assertEquals(false, request.parallelTools());
        assertEquals(List.of("END"), request.output().stop());
        assertTrue(request.cacheOff());
        List<Role> roles = request.messages().stream().map(m -> m.role()).toList();
        assertEquals(List.of(Role.USER, Role.ASSISTANT, Role.TOOL, Role.USER, Role.SYSTEM), roles);
        assertEquals("t", ((Part.Document) request.messages().get(0).content().get(1)).title());
    }

    @Test
    void theNewerVersionRefusesWhatItNoLongerKnows() {
        assertEquals("/temperature", refused(NEW, minimal(",\"temperature\":1")).pointer());
        assertEquals("/top_k", refused(NEW, minimal(",\"top_k\":1")).pointer());
        String cited =
                minimal("")
                        .replace(
                                "\"hi\"",
                                "[{\"type\":\"text\",\"text\":\"x\",\"citations\":[{}]}]");
        assertEquals("/messages/0/content/0/citations", refused(NEW, cited).pointer());
        assertEquals("m", decode(OLD, cited).model());
        assertEquals("1", decode(OLD, minimal(",\"temperature\":1")).sampling().temperature() + "");
        assertEquals("m", decode(Headers.NONE, minimal(",\"temperature\":0.5")).model());
    }

    @Test
    void whatIsWrongIsNamedByItsPlace() {
        assertEquals(
                "/max_tokens", refused(NEW, minimal("").replace("max_tokens", "max")).pointer());
        assertEquals("/model", refused(NEW, minimal("").replace("\"m\"", "7")).pointer());
        assertEquals(
                "/messages/0/role", refused(NEW, minimal("").replace("user", "tool")).pointer());
        assertEquals(
                "/tools/0/input_schema",
                refused(NEW, minimal(",\"tools\":[{\"name\":\"f\"}]")).pointer());
        assertEquals(FaultKind.INVALID_REQUEST, refused(NEW, "{\"model\":").kind());
        assertEquals(FaultKind.INVALID_REQUEST, refused(NEW, minimal(",\"model\":\"x\"")).kind());
    }

    @Test
    @DisplayName("F32 messages of one role in a row stay as their client has them")
    void turnsStayAsTheyCame() {
        String body =
                minimal("")
                        .replace("[{\"role\"", "[{\"role\":\"user\",\"content\":\"a\"},{\"role\"");
        var call = new AnthropicProvider().encode(decode(NEW, body), Samples.CONTEXT);
        JsonNode turns = Samples.body(call).path("messages");
        assertEquals(2, turns.size());
        assertEquals(2, turns.path(1).size());
    }

    @Test
    void thinkingAmountsToAnEffort() {
        assertEquals(
                Effort.OFF, decode(NEW, minimal(",\"thinking\":{\"type\":\"disabled\"}")).effort());
        assertEquals(
                Effort.MEDIUM,
                decode(NEW, minimal(",\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":5000}"))
                        .effort());
        assertNull(decode(NEW, minimal("")).effort());
    }

    /** Whoever answers shows its thoughts to a client that Anthropic would have shown them to. */
    @ParameterizedTest
    @CsvSource({
        "true, 'enabled', '\"budget_tokens\":2000'",
        "false, 'enabled', '\"budget_tokens\":2000,\"display\":\"omitted\"'",
        "true, 'adaptive', '\"display\":\"summarized\"'",
        "false, 'adaptive', '\"display\":null'",
        "false, 'disabled', '\"display\":\"summarized\"'"
    })
    void thoughtsAreShownToAClientThatAsksForThem(boolean shown, String type, String rest) {
        String asked = ",\"thinking\":{%s,\"type\":\"%s\"}".formatted(rest, type);
        Set<Need> needs = shown ? Set.of(Need.THINKING) : Set.of();
        assertEquals(needs, decode(NEW, minimal(asked)).needs());
        assertEquals(needs, DIALECT.outline(surface(NEW, minimal(asked))).needs());
    }

    @Test
    @DisplayName("F10 a stream has one start, dense blocks opened and closed once, one end")
    void aStreamIsWellFormed() {
        var events =
                List.<ChatEvent>of(
                        new ChatEvent.Started("msg_9", "x"),
                        new ChatEvent.UsageSeen(ending(StopReason.END).usage()),
                        new ChatEvent.Started("msg_10", "x"),
                        new ChatEvent.ThinkingDelta(0, ""),
                        new ChatEvent.Sealed(0, new Seal("anthropic", null, null, "sig")),
                        new ChatEvent.TextDelta(1, "a"),
                        new ChatEvent.TextDelta(1, "b"),
                        new ChatEvent.ToolCallStarted(2, "id", "f"),
                        new ChatEvent.ToolCallDelta(2, "{\"x\""),
                        new ChatEvent.ToolCallDelta(2, ":1}"),
                        new ChatEvent.ToolCallStarted(3, "id2", "g"),
                        new ChatEvent.ToolCallDelta(3, "{}"));
        List<String> types = new ArrayList<>();
        String text = stream(events, ending(StopReason.TOOL_CALL));
        Sse.data(text).forEach(d -> types.add(d.path("type").asText()));
        assertEquals(1, types.stream().filter("message_start"::equals).count());
        assertEquals("message_start", types.getFirst());
        assertEquals("message_stop", types.getLast());
        assertEquals(4, types.stream().filter("content_block_start"::equals).count());
        assertEquals(4, types.stream().filter("content_block_stop"::equals).count());
        for (String frame : text.split("\n\n", -1)) {
            assertTrue(frame.isEmpty() || frame.startsWith("event: "), frame);
        }
        JsonNode message = AnthropicMessages.fold(Sse.data(text));
        assertEquals("sig", message.path("content").path(0).path("signature").asText());
        assertEquals("ab", message.path("content").path(1).path("text").asText());
        assertEquals(1, message.path("content").path(2).path("input").path("x").asInt());
        assertEquals(
                "direct", message.path("content").path(2).path("caller").path("type").asText());
        assertEquals("tool_use", message.path("stop_reason").asText());
    }

    @Test
    @DisplayName("F35 usage is told by the vendor's arithmetic, in whole, at the end")
    void usageIsTold() {
        var reply = new ChatReply("x", "x", List.of(new Part.Text("a")), ending(StopReason.END));
        JsonNode message = Samples.json(text(DIALECT.reply(reply, context())));
        JsonNode usage = message.path("usage");
        assertEquals(30 - 5 - 10, usage.path("input_tokens").asInt());
        assertEquals(10, usage.path("cache_creation_input_tokens").asInt());
        assertEquals(6, usage.path("cache_creation").path("ephemeral_1h_input_tokens").asInt());
        assertEquals(1, usage.path("server_tool_use").path("web_search_requests").asInt());
        for (String field : List.of("container", "diagnostics", "stop_details", "stop_sequence")) {
            assertTrue(message.has(field) && message.path(field).isNull(), field);
        }
        assertEquals("msg_req_1", message.path("id").asText());
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    @DisplayName("F11 a refusal and a full window keep their own words")
    void stopsKeepTheirWords() {
        var refusal = new Stop(StopReason.REFUSAL, null, "cyber");
        var full = new Stop(StopReason.MAX_TOKENS, null, "model_context_window_exceeded");
        var ending = ending(StopReason.END);
        for (Stop stop : List.of(refusal, full)) {
            var own = new Ending(stop, ending.usage(), ending.cost(), null, List.of());
            String text = stream(List.of(new ChatEvent.TextDelta(0, "a")), own);
            JsonNode message = AnthropicMessages.fold(Sse.data(text));
            if (stop.reason() == StopReason.REFUSAL) {
                assertEquals("refusal", message.path("stop_reason").asText());
                assertEquals("cyber", message.path("stop_details").path("category").asText());
            } else {
                assertEquals("model_context_window_exceeded", message.path("stop_reason").asText());
            }
        }
    }

    @Test
    @DisplayName("F12 a broken answer ends in the error event and nothing else")
    void aBrokenAnswerEndsInAnError() {
        var encoder = DIALECT.encoder(context());
        var out = new ByteSink();
        encoder.event(new ChatEvent.TextDelta(0, "a"), out);
        encoder.fail(Fault.protocol("cut"), new ErrorContext("id-1", null, List.of()), out);
        List<JsonNode> data = Sse.data(text(out.toByteArray()));
        assertEquals("error", data.getLast().path("type").asText());
        assertEquals("api_error", data.getLast().path("error").path("type").asText());
        assertEquals("req_1", data.getLast().path("request_id").asText());
        assertTrue(data.stream().noneMatch(d -> d.path("type").asText().equals("message_stop")));
    }

    @Test
    @DisplayName("F8 the keep-alive is a ping, before the start too")
    void keepAlive() {
        var out = new ByteSink();
        DIALECT.encoder(context()).keepAlive(out);
        assertEquals("event: ping\ndata: {\"type\":\"ping\"}\n\n", text(out.toByteArray()));
    }

    @Test
    @DisplayName("F28 another vendor's state comes back to where it was, never inside an id")
    void foreignStateComesBack() {
        Seal seal = new Seal("gemini", "main", "g-1", "c2ln");
        List<Part> parts =
                List.of(
                        new Part.Thinking("plan", seal, Extras.NONE),
                        new Part.Thinking("", seal, Extras.NONE),
                        new Part.Text("grüße 🌍", List.of(citation()), seal, null, Extras.NONE),
                        new Part.ToolCall("call_1", "f", "{}", seal, null, Extras.NONE),
                        new Part.VendorItem(
                                "openai", Samples.json("{\"type\":\"ws\"}"), seal, null));
        var reply = new ChatReply("x", "x", parts, ending(StopReason.TOOL_CALL));
        JsonNode message = Samples.json(text(DIALECT.reply(reply, context())));
        assertEquals("call_1", callId(message));
        String back =
                minimal("")
                        .replace(
                                "[{\"role\"",
                                "[{\"role\":\"assistant\",\"content\":"
                                        + message.path("content")
                                        + "},{\"role\"");
        assertEquals(parts, decode(NEW, back).messages().getFirst().content());
    }

    private static String callId(JsonNode message) {
        for (JsonNode block : message.path("content")) {
            if (block.path("type").asText().equals("tool_use")) {
                return block.path("id").asText();
            }
        }
        return "";
    }

    private static Citation citation() {
        return new Citation(0, 5, "https://a.example", "A", "q", null);
    }

    @Test
    @DisplayName("F43 citations of another vendor stream as they come unstreamed")
    void foreignCitationsStream() {
        var text = new Part.Text("abc", List.of(citation()), null, null, Extras.NONE);
        var reply = new ChatReply("x", "x", List.of(text), ending(StopReason.END));
        JsonNode whole = Samples.json(text(DIALECT.reply(reply, context())));
        String streamed =
                stream(
                        List.of(
                                new ChatEvent.TextDelta(0, "abc"),
                                new ChatEvent.Cited(0, citation())),
                        ending(StopReason.END));
        assertEquals(
                whole.path("content").toString(),
                AnthropicMessages.fold(Sse.data(streamed)).path("content").toString());
        assertEquals("https://a.example", whole.findPath("url").asText());
        JsonNode started = Sse.data(streamed).get(1);
        assertEquals("[]", started.at("/content_block/citations").toString());
    }

    @Test
    void everyFaultHasTheStatusAndTypeThatTheSdksKnow() {
        for (FaultKind kind : FaultKind.values()) {
            var fault = Fault.caller(kind, "why", null);
            var context = new ErrorContext("req_1", null, List.of());
            JsonNode error = Samples.json(text(DIALECT.errors().body(fault, context)));
            assertEquals("error", error.path("type").asText());
            assertTrue(error.path("error").path("message").asText().contains("why"));
            assertEquals("req_1", error.path("request_id").asText());
            assertEquals(
                    kind == FaultKind.OVERLOADED ? 529 : kind.status(),
                    DIALECT.errors().status(fault));
        }
        assertEquals("req_1", DIALECT.errors().headers("req_1").get("request-id"));
    }

    @Test
    @DisplayName("F54 no request whatever makes decoding or rendering throw anything but a fault")
    void noRequestMakesItThrow() {
        var random = new Random(3);
        JsonNode base = Samples.json(ALL);
        int refused = 0;
        for (int round = 0; round < 6_000; round++) {
            String body = Mutations.mutate(base, random);
            Headers headers = round % 2 == 0 ? NEW : OLD;
            try {
                DIALECT.outline(surface(headers, body));
                new AnthropicProvider().encode(decode(headers, body), Samples.CONTEXT);
            } catch (FaultException e) {
                refused++;
                assertFalse(e.fault().kind() == FaultKind.INTERNAL);
            }
        }
        assertTrue(refused > 1_000, "only " + refused);
    }
}
