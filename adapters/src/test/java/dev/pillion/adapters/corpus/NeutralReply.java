package dev.pillion.adapters.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.Citation;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.ReplyFold;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.chat.Source;
import dev.pillion.protocol.chat.Usage;

/** A uniform answer as JSON that an expectation can be written in, whatever vendor it came from. */
public final class NeutralReply {
    private NeutralReply() {}

    public static ObjectNode of(ReplyFold fold) {
        ObjectNode reply = Corpus.JSON.createObjectNode();
        reply.put("id", fold.id());
        reply.put("model", fold.model());
        ArrayNode parts = reply.putArray("parts");
        fold.content().forEach(part -> part(part, parts.addObject()));
        if (fold.stop() != null) {
            ObjectNode stop = reply.putObject("stop").put("reason", fold.stop().reason().name());
            put(stop, "sequence", fold.stop().sequence());
            put(stop, "detail", fold.stop().detail());
        }
        if (fold.fault() != null) {
            reply.put("fault", fold.fault().kind() + ": " + fold.fault().message());
        }
        reply.set("usage", usage(fold.usage()));
        ArrayNode sources = reply.putArray("sources");
        for (Source source : fold.sources()) {
            ObjectNode node = sources.addObject().put("url", source.url());
            put(node, "title", source.title());
            put(node, "published", source.published());
        }
        return reply;
    }

    private static void part(Part part, ObjectNode node) {
        switch (part) {
            case Part.Text text -> {
                node.put("kind", "text").put("text", text.text());
                text.citations().forEach(c -> citation(c, node.withArray("/citations")));
                state(text.seal(), true, node);
            }
            case Part.Thinking thinking -> {
                node.put("kind", "thinking").put("text", thinking.text());
                state(thinking.seal(), false, node);
            }
            case Part.ToolCall call -> {
                node.put("kind", "tool_call").put("id", call.id()).put("name", call.name());
                node.set("arguments", json(call.arguments()));
                signature(call.seal(), node);
            }
            case Part.VendorItem item -> node.put("kind", "vendor_item").set("item", item.item());
            default -> {
                node.put("kind", part.getClass().getSimpleName());
                signature(part.seal(), node);
            }
        }
    }

    private static JsonNode json(String text) {
        try {
            return Corpus.JSON.readTree(text);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            return Corpus.JSON.createObjectNode().put("_cut", text);
        }
    }

    private static void state(Seal seal, boolean asJson, ObjectNode node) {
        if (seal != null && seal.provider().equals("gemini")) {
            signature(seal, node);
        } else if (seal != null) {
            node.set("state", asJson ? json(seal.data()) : node.textNode(seal.data()));
        }
    }

    /** Gemini's state is a signature, on any part. */
    private static void signature(Seal seal, ObjectNode node) {
        if (seal != null && seal.provider().equals("gemini")) {
            node.put("state", seal.data());
        }
    }

    private static void citation(Citation citation, ArrayNode into) {
        ObjectNode node = into.addObject();
        node.put("start", citation.start()).put("end", citation.end());
        put(node, "url", citation.url());
        put(node, "title", citation.title());
        put(node, "quote", citation.quote());
        put(node, "source", citation.source());
    }

    private static void put(ObjectNode node, String field, String value) {
        if (value != null) {
            node.put(field, value);
        }
    }

    private static ObjectNode usage(Usage usage) {
        ObjectNode node = Corpus.JSON.createObjectNode();
        node.put("input", usage.inputTokens());
        node.put("cached", usage.cachedInputTokens());
        node.put("written_5m", usage.cacheWrite5mTokens());
        node.put("written_1h", usage.cacheWrite1hTokens());
        node.put("output", usage.outputTokens());
        node.put("thinking", usage.thinkingTokens());
        node.put("searches", usage.webSearches());
        put(node, "tier", usage.serviceTier());
        return node;
    }
}
