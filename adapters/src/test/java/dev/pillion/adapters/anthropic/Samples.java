package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Capability;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.Refusal;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.protocol.chat.Budget;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.chat.Message;
import dev.pillion.protocol.chat.Output;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.ReplyFold;
import dev.pillion.protocol.chat.Role;
import dev.pillion.protocol.chat.RouteWish;
import dev.pillion.protocol.chat.Sampling;
import dev.pillion.protocol.chat.Tool;
import dev.pillion.protocol.chat.ToolChoice;
import dev.pillion.protocol.chat.WebSearch;
import dev.pillion.protocol.wire.Extras;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Requests, models and helpers that the tests of this package share. */
final class Samples {
    static final Headers EVENT_STREAM = Headers.of("content-type", "text/event-stream");
    static final Headers JSON = Headers.of("content-type", "application/json");
    static final List<Effort> EFFORTS =
            List.of(Effort.LOW, Effort.MEDIUM, Effort.HIGH, Effort.XHIGH, Effort.MAX);

    /** A model that refuses nothing and thinks adaptively. */
    static final ModelTraits MODEL = traits("claude-test-1", ModelTraits.Thinking.ADAPTIVE);

    static final EncodeContext CONTEXT = context(MODEL);

    private Samples() {}

    static ModelTraits traits(String id, ModelTraits.Thinking thinking, Refusal... refuses) {
        return new ModelTraits(
                id,
                Set.of(Capability.values()),
                Set.of(refuses),
                200_000,
                64_000,
                EFFORTS,
                thinking);
    }

    static EncodeContext context(ModelTraits model) {
        return new EncodeContext(model, "anthropic", "main", false);
    }

    static Message user(String text) {
        return new Message(Role.USER, List.of(new Part.Text(text)));
    }

    static Message assistant(Part... parts) {
        return new Message(Role.ASSISTANT, List.of(parts));
    }

    static Part.ToolCall call(String id, String name, String arguments) {
        return new Part.ToolCall(id, name, arguments, null, null, Extras.NONE);
    }

    static Part.ToolResult result(String id, String text) {
        return new Part.ToolResult(id, List.of(new Part.Text(text)), false, null, Extras.NONE);
    }

    static Tool.Function function(String name) {
        return new Tool.Function(name, "does " + name, null, null, null, Extras.NONE);
    }

    static Ask ask(Message... messages) {
        return new Ask(List.of(messages));
    }

    /** A request in the making. */
    static final class Ask {
        List<Message> messages;
        String model = "class:fast";
        List<Part.Text> system = List.of();
        List<Tool> tools = List.of();
        ToolChoice choice;
        Boolean parallel;
        Output output = Output.DEFAULT;
        Effort effort;
        Sampling sampling = Sampling.DEFAULT;
        WebSearch search;
        boolean cacheOff;
        Map<String, ObjectNode> vendor = Map.of();
        boolean stream;
        Extras extras = Extras.NONE;

        Ask(List<Message> messages) {
            this.messages = messages;
        }

        ChatRequest request() {
            return new ChatRequest(
                    model,
                    null,
                    Set.of(),
                    system,
                    messages,
                    tools,
                    choice,
                    parallel,
                    output,
                    effort,
                    sampling,
                    search,
                    Budget.NONE,
                    RouteWish.DEFAULT,
                    cacheOff,
                    vendor,
                    Map.of(),
                    stream,
                    extras);
        }
    }

    static UpstreamCall call(Ask ask, EncodeContext context) {
        return new AnthropicProvider().encode(ask.request(), context);
    }

    static JsonNode body(UpstreamCall call) {
        byte[] bytes = new byte[(int) call.bodyBytes()];
        int at = 0;
        for (ByteBuffer slice : call.body()) {
            ByteBuffer copy = slice.duplicate();
            int length = copy.remaining();
            copy.get(bytes, at, length);
            at += length;
        }
        return json(new String(bytes, StandardCharsets.UTF_8));
    }

    static JsonNode body(Ask ask) {
        return body(call(ask, CONTEXT));
    }

    static JsonNode json(String text) {
        try {
            return Json.read(text);
        } catch (MalformedJson e) {
            throw new AssertionError(e);
        }
    }

    static ObjectNode object(String text) {
        return (ObjectNode) json(text);
    }

    /** The events that the answer gives, its bytes cut into pieces of the given size. */
    static List<ChatEvent> events(Ask ask, Headers reply, String body, int pieceBytes) {
        var decoder = new AnthropicProvider().decoder(ask.request(), CONTEXT, reply);
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

    static List<ChatEvent> events(Headers reply, String body) {
        return events(ask(user("hi")), reply, body, Integer.MAX_VALUE);
    }

    static ReplyFold fold(List<ChatEvent> events) {
        var fold = new ReplyFold();
        events.forEach(fold::accept);
        return fold;
    }
}
