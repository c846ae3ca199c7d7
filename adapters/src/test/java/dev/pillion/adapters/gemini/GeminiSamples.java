package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Capability;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.Refusal;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.adapters.uniform.UniformDialect;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.chat.Message;
import dev.pillion.protocol.chat.ReplyFold;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Requests, models and helpers that the outbound tests of this package share. */
final class GeminiSamples {
    static final Headers EVENT_STREAM = Headers.of("content-type", "text/event-stream");
    static final Headers JSON = Headers.of("content-type", "application/json; charset=UTF-8");

    /** A model of the newer kind: it thinks by levels, always. */
    static final ModelTraits NEW =
            traits(
                    "gemini-test-4",
                    List.of(Effort.LOW, Effort.MEDIUM, Effort.HIGH),
                    ModelTraits.Thinking.ALWAYS,
                    Refusal.THINKING_OFF,
                    Refusal.MID_SYSTEM);

    /** A model of the kind before: it thinks by a budget, and mixes nothing. */
    static final ModelTraits OLD =
            traits(
                    "gemini-test-2",
                    List.of(Effort.OFF, Effort.LOW, Effort.MEDIUM, Effort.HIGH),
                    ModelTraits.Thinking.BUDGET,
                    Refusal.MID_SYSTEM,
                    Refusal.JSON_WITH_TOOLS,
                    Refusal.MIXED_TOOLS,
                    Refusal.TOOL_MEDIA);

    private GeminiSamples() {}

    static ModelTraits traits(
            String id, List<Effort> efforts, ModelTraits.Thinking thinking, Refusal... refuses) {
        return new ModelTraits(
                id,
                Set.of(Capability.values()),
                Set.of(refuses),
                1_048_576,
                65_536,
                efforts,
                thinking);
    }

    static EncodeContext context(ModelTraits model) {
        return new EncodeContext(model, "gemini", "main", false);
    }

    /** The request of a body of {@code /v1/generate}; single quotes stand for double ones. */
    static ChatRequest request(String json) {
        byte[] body = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return new UniformDialect().decode(new Surface("/v1/generate", Headers.NONE, body));
    }

    static ChatRequest hi() {
        return request("{'messages':[{'role':'user','content':'hi'}]}");
    }

    /** The request with these messages instead of its own. */
    static ChatRequest withMessages(ChatRequest of, List<Message> messages) {
        return new ChatRequest(
                of.model(),
                of.modelClass(),
                of.needs(),
                of.system(),
                messages,
                of.tools(),
                of.toolChoice(),
                of.parallelTools(),
                of.output(),
                of.effort(),
                of.sampling(),
                of.webSearch(),
                of.budget(),
                of.route(),
                of.cacheOff(),
                of.vendor(),
                of.tags(),
                of.stream(),
                of.extras());
    }

    static UpstreamCall call(ChatRequest request, ModelTraits model) {
        return new GeminiProvider().encode(request, context(model));
    }

    static JsonNode body(UpstreamCall call) {
        var text = new StringBuilder();
        for (ByteBuffer slice : call.body()) {
            text.append(StandardCharsets.UTF_8.decode(slice.duplicate()));
        }
        return json(text.toString());
    }

    static JsonNode body(String request, ModelTraits model) {
        return body(call(request(request), model));
    }

    static JsonNode json(String text) {
        try {
            return Json.read(text);
        } catch (MalformedJson e) {
            throw new AssertionError(e);
        }
    }

    static ObjectNode object(String text) {
        return (ObjectNode) json(text.replace('\'', '"'));
    }

    /** The events that the answer gives, its bytes cut into pieces of the given size. */
    static List<ChatEvent> events(
            ChatRequest request, ModelTraits model, Headers reply, String body, int pieceBytes) {
        var decoder = new GeminiProvider().decoder(request, context(model), reply);
        List<ChatEvent> events = new ArrayList<>();
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < bytes.length; ) {
            int length = Math.min(pieceBytes, bytes.length - at);
            decoder.body(ByteBuffer.wrap(bytes, at, length), events::add);
            at += length;
        }
        decoder.end(events::add);
        return events;
    }

    /** The events of a stream of these chunks; single quotes stand for double ones. */
    static List<ChatEvent> stream(String... chunks) {
        var text = new StringBuilder();
        for (String chunk : chunks) {
            text.append("data: ").append(chunk.replace('\'', '"')).append("\r\n\r\n");
        }
        return events(hi(), NEW, EVENT_STREAM, text.toString(), Integer.MAX_VALUE);
    }

    static ReplyFold fold(List<ChatEvent> events) {
        var fold = new ReplyFold();
        events.forEach(fold::accept);
        return fold;
    }
}
