package dev.pillion.adapters.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.ErrorContext;
import dev.pillion.adapters.ReplyContext;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.ChatReply;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Cost;
import dev.pillion.protocol.chat.Ending;
import dev.pillion.protocol.chat.Message;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.ReplyFold;
import dev.pillion.protocol.chat.Role;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.chat.Stop;
import dev.pillion.protocol.chat.StopReason;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ChunkEncoderTest {
    private static final Seal SEAL = new Seal("anthropic", "main", "claude-x", "sig==");

    private static ReplyContext context(String body, boolean usageAsked) {
        return new ReplyContext("r1", "m", 7, usageAsked, OutlineTest.surface(body));
    }

    private static Ending ending(StopReason reason) {
        return new Ending(new Stop(reason), Usage.NONE, Cost.UNKNOWN, null, List.of());
    }

    private static List<JsonNode> chunks(
            ReplyContext context, StopReason reason, ChatEvent... events) {
        var encoder = new ChunkEncoder(context);
        var out = new ByteSink();
        for (ChatEvent event : events) {
            encoder.event(event, out);
        }
        encoder.finish(ending(reason), out);
        List<JsonNode> chunks = new ArrayList<>();
        String all = new String(out.toByteArray(), StandardCharsets.UTF_8);
        all.lines()
                .filter(line -> line.startsWith("data: {"))
                .forEach(line -> chunks.add(Recorded.parse(line.substring(6))));
        assertTrue(all.endsWith("data: [DONE]\n\n"));
        return chunks;
    }

    private static JsonNode delta(JsonNode chunk) {
        return chunk.path("choices").path(0).path("delta");
    }

    @Test
    @DisplayName("F10: the role comes first, once, and the usage chunk only when asked for")
    void theRoleComesFirstAndUsageOnlyWhenAskedFor() {
        List<JsonNode> chunks =
                chunks(
                        context("{}", false),
                        StopReason.END,
                        new ChatEvent.Started("x", "y"),
                        new ChatEvent.TextDelta(0, "Hi"));
        assertEquals(3, chunks.size());
        assertEquals("assistant", delta(chunks.get(0)).path("role").asText());
        assertEquals("Hi", delta(chunks.get(1)).path("content").asText());
        assertEquals("stop", chunks.get(2).path("choices").path(0).path("finish_reason").asText());
        assertFalse(chunks.get(0).has("usage"));
    }

    @Test
    void anAnswerThatBeginsWithACallHasNullContent() {
        List<JsonNode> chunks =
                chunks(
                        context("{}", false),
                        StopReason.TOOL_CALL,
                        new ChatEvent.ToolCallStarted(0, "c1", "f"));
        assertTrue(delta(chunks.get(0)).path("content").isNull());
        JsonNode call = delta(chunks.get(1)).path("tool_calls").path(0);
        assertEquals("c1", call.path("id").asText());
        assertEquals("f", call.path("function").path("name").asText());
        assertEquals("", call.path("function").path("arguments").asText());
    }

    @Test
    void aClientOfTheDeprecatedFormGetsAFunctionCall() {
        List<JsonNode> chunks =
                chunks(
                        context("{\"functions\":[]}", false),
                        StopReason.TOOL_CALL,
                        new ChatEvent.ToolCallStarted(0, "c1", "f"),
                        new ChatEvent.ToolCallDelta(0, "{}"));
        assertEquals("f", delta(chunks.get(1)).path("function_call").path("name").asText());
        assertEquals(
                "function_call",
                chunks.getLast().path("choices").path(0).path("finish_reason").asText());
    }

    @Test
    void aCallOfAFreeTextToolComesOutAsOne() {
        List<JsonNode> chunks =
                chunks(
                        context("{}", false),
                        StopReason.TOOL_CALL,
                        new ChatEvent.ToolCallStarted(0, "c1", "sql"),
                        new ChatEvent.Sealed(0, Marks.custom()),
                        new ChatEvent.ToolCallDelta(0, "{\"input\":\"select 1\"}"));
        JsonNode open = delta(chunks.get(1)).path("tool_calls").path(0);
        assertEquals("custom", open.path("type").asText());
        JsonNode more = delta(chunks.get(2)).path("tool_calls").path(0);
        assertEquals("select 1", more.path("custom").path("input").asText());
    }

    @Test
    void theCommonTierHasThisVendorsNameWhoeverAnswered() throws Exception {
        var usage = new Usage(1, 0, 0, 0, 1, 0, 0, 0, 0, "standard", false);
        var ending = new Ending(new Stop(StopReason.END), usage, Cost.UNKNOWN, null, List.of());
        var reply = new ChatReply("x", "y", List.of(), ending);
        var written = Json.read(ReplyWriter.write(reply, context("{}", false)));
        assertEquals("default", written.path("service_tier").asText());
    }

    @Test
    @DisplayName("F28 F29: thinking and seals come back unchanged and in place")
    void thinkingAndSealsComeBackUnchangedAndInPlace() throws Exception {
        ChatEvent[] events = {
            new ChatEvent.ThinkingDelta(0, "Hm"),
            new ChatEvent.Sealed(0, SEAL),
            new ChatEvent.TextDelta(1, "Let me see."),
            new ChatEvent.ToolCallStarted(2, "c1", "f"),
            new ChatEvent.ToolCallDelta(2, "{}"),
            new ChatEvent.ThinkingDelta(3, ""),
            new ChatEvent.Sealed(3, SEAL),
            new ChatEvent.ToolCallStarted(4, "c2", "g"),
            new ChatEvent.Sealed(4, SEAL),
            new ChatEvent.ToolCallDelta(4, "{}")
        };
        var fold = new ReplyFold();
        List.of(events).forEach(fold::accept);
        ReplyContext context = context("{}", false);
        var reply = new ChatReply("x", "y", fold.content(), ending(StopReason.TOOL_CALL));
        JsonNode whole =
                Json.read(ReplyWriter.write(reply, context))
                        .path("choices")
                        .path(0)
                        .path("message");
        JsonNode streamed = accumulated(chunks(context, StopReason.TOOL_CALL, events));
        assertEquals(whole.path("reasoning_details"), streamed.path("reasoning_details"));
        for (JsonNode message : List.of(whole, streamed)) {
            List<Part> parts = decoded(message);
            assertEquals(
                    fold.content().stream().map(Object::getClass).toList(),
                    parts.stream().map(Object::getClass).toList());
            for (int i = 0; i < parts.size(); i++) {
                assertEquals(fold.content().get(i).seal(), parts.get(i).seal());
            }
            assertEquals("Hm", ((Part.Thinking) parts.getFirst()).text());
        }
    }

    /** The deltas put together as a client does it. */
    private static JsonNode accumulated(List<JsonNode> chunks) {
        ObjectNode message = Json.object();
        var text = new StringBuilder();
        ArrayNode calls = message.putArray("tool_calls");
        for (JsonNode chunk : chunks) {
            JsonNode delta = delta(chunk);
            text.append(delta.path("content").asText(""));
            for (JsonNode call : delta.path("tool_calls")) {
                if (call.path("index").asInt() == calls.size()) {
                    calls.add(call.deepCopy());
                } else {
                    ObjectNode function =
                            (ObjectNode) calls.get(call.path("index").asInt()).path("function");
                    String more = call.path("function").path("arguments").asText();
                    function.put("arguments", function.path("arguments").asText() + more);
                }
            }
            if (delta.has("reasoning_details")) {
                message.set("reasoning_details", delta.path("reasoning_details"));
            }
        }
        return message.put("role", "assistant").put("content", text.toString());
    }

    private static List<Part> decoded(JsonNode message) {
        ObjectNode body = Json.object();
        body.putArray("messages").add(message);
        ChatRequest request = new OpenAiChatDialect().decode(OutlineTest.surface(Json.bytes(body)));
        Message only = request.messages().getFirst();
        assertEquals(Role.ASSISTANT, only.role());
        return only.content();
    }

    @Test
    @DisplayName("F11: a filtered answer and a cut one keep their meaning")
    void aFilteredAnswerAndACutOneKeepTheirMeaning() {
        assertEquals("content_filter", Stops.word(new Stop(StopReason.REFUSAL), false));
        assertEquals("length", Stops.word(new Stop(StopReason.MAX_TOKENS), false));
        assertEquals("length", Stops.word(new Stop(StopReason.PAUSED), false));
    }

    @Test
    @DisplayName("F12: a broken answer ends in one error event and nothing after it")
    void aBrokenAnswerEndsInOneErrorEvent() {
        var encoder = new ChunkEncoder(context("{}", true));
        var out = new ByteSink();
        encoder.event(new ChatEvent.TextDelta(0, "Hi"), out);
        out.reset();
        encoder.fail(Fault.protocol("broke off"), new ErrorContext("id-1", null, List.of()), out);
        String said = new String(out.toByteArray(), StandardCharsets.UTF_8);
        assertTrue(said.startsWith("data: {\"error\":{\"message\":\"broke off\""), said);
        assertFalse(said.contains("[DONE]"));
    }

    @Test
    @DisplayName("F8: a keep-alive is a comment")
    void aKeepAliveIsAComment() {
        var out = new ByteSink();
        new ChunkEncoder(context("{}", true)).keepAlive(out);
        assertEquals(": keep-alive\n\n", new String(out.toByteArray(), StandardCharsets.UTF_8));
    }

    @Test
    void everyKindOfFaultHasAStatusThatTheClientsKnow() {
        for (FaultKind kind : FaultKind.values()) {
            Fault fault = Fault.caller(kind, "m", "/messages/0/content");
            int status = new OpenAiChatDialect().errors().status(fault);
            assertTrue(status >= 400 && status < 600, kind.wire());
            byte[] body = Errors.SHAPE.body(fault, new ErrorContext("r1", null, List.of()));
            JsonNode error = Recorded.parse(new String(body, StandardCharsets.UTF_8)).path("error");
            assertEquals("messages[0].content", error.path("param").asText());
            assertTrue(error.path("type").isTextual() && error.path("code").isTextual());
        }
    }
}
