package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.ReplyContext;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.ChatReply;
import dev.pillion.protocol.chat.Ending;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.wire.Json;
import java.util.function.Consumer;

/** A {@code GenerateContentResponse}: a whole answer, or a step of one. */
final class GeminiReply {
    private GeminiReply() {}

    /** The whole answer: what a client would fold the chunks of a stream to. */
    static byte[] whole(ChatReply reply, ReplyContext context) {
        ArrayNode content = Json.nodes().arrayNode();
        var parts =
                new AnswerParts(ThoughtsAsked.by(context.client()), part -> append(part, content));
        for (int i = 0; i < reply.content().size(); i++) {
            events(i, reply.content().get(i), parts::event);
        }
        parts.end();
        return Json.bytes(last(content, parts, reply.ending(), context));
    }

    /** Pieces of the same kind that follow each other are one part, until one is signed. */
    private static void append(ObjectNode part, ArrayNode content) {
        boolean joins =
                !content.isEmpty()
                        && content.get(content.size() - 1) instanceof ObjectNode before
                        && before.has("text")
                        && part.has("text")
                        && before.has("thought") == part.has("thought")
                        && !before.has("thoughtSignature");
        if (!joins) {
            content.add(part);
            return;
        }
        ObjectNode before = (ObjectNode) content.get(content.size() - 1);
        before.put("text", before.path("text").asText() + part.path("text").asText());
        JsonNode signature = part.get("thoughtSignature");
        if (signature != null) {
            before.set("thoughtSignature", signature);
        }
    }

    /** The events that a part of a whole answer would have come as. */
    private static void events(int index, Part part, Consumer<ChatEvent> out) {
        switch (part) {
            case Part.Text text -> out.accept(new ChatEvent.TextDelta(index, text.text()));
            case Part.Thinking thinking ->
                    out.accept(new ChatEvent.ThinkingDelta(index, thinking.text()));
            case Part.ToolCall call -> {
                out.accept(new ChatEvent.ToolCallStarted(index, call.id(), call.name()));
                out.accept(new ChatEvent.ToolCallDelta(index, call.arguments()));
            }
            case Part.VendorItem _,
                    Part.Image _,
                    Part.Document _,
                    Part.Audio _,
                    Part.Video _,
                    Part.ToolResult _ ->
                    out.accept(new ChatEvent.Whole(index, part));
        }
        Seal seal = part.seal();
        if (seal != null) {
            out.accept(new ChatEvent.Sealed(index, seal));
        }
        if (part instanceof Part.Text text) {
            text.citations().forEach(c -> out.accept(new ChatEvent.Cited(index, c)));
        }
    }

    /** A step of a stream: one more part. */
    static ObjectNode step(ObjectNode part, Usage usage, ReplyContext context) {
        ObjectNode candidate = Json.object();
        content(candidate).putArray("parts").add(part);
        candidate.put("index", 0);
        return response(candidate, usage, context);
    }

    private static ObjectNode content(ObjectNode candidate) {
        return candidate.putObject("content").put("role", "model");
    }

    /** The whole answer, or the last step of one, with how it ended. */
    static ObjectNode last(
            ArrayNode content, AnswerParts parts, Ending ending, ReplyContext context) {
        ObjectNode candidate = Json.object();
        ObjectNode into = content(candidate);
        if (!content.isEmpty()) {
            into.set("parts", content);
        }
        ObjectNode fields = parts.candidate(ending.sources());
        boolean continues = fields.has("continuationToken");
        candidate.put("finishReason", FinishReasons.word(ending.stop(), continues));
        candidate.put("index", 0);
        candidate.setAll(fields);
        return response(candidate, ending.usage(), context);
    }

    private static ObjectNode response(ObjectNode candidate, Usage usage, ReplyContext context) {
        ObjectNode response = Json.object();
        response.putArray("candidates").add(candidate);
        response.set("usageMetadata", GeminiUsageWriter.write(usage));
        response.put("modelVersion", context.model());
        response.put("responseId", context.requestId());
        return response;
    }
}
