package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.Citation;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.chat.Seals;
import dev.pillion.protocol.wire.Extras;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * State of other vendors on its way through a Messages client, in the fields that this format's
 * clients send back unread: a thinking seal as a signature, any other part's seal and a foreign
 * vendor item as a redacted thinking block behind it, an empty text's seal as one in its place, a
 * citation's own span as its index.
 */
final class Carried {
    /** The provider's name in a seal that holds a foreign vendor item. */
    private static final String ITEM = "pillion.vendor_item";

    /** The provider's name in a seal that holds the seal of the part before. */
    private static final String BEHIND = "pillion.seal";

    /** The provider's name in a seal that holds the seal of a text without words. */
    private static final String ALONE = "pillion.text";

    /** The provider's name in a seal that holds a citation's span. */
    private static final String CITATION = "pillion.citation";

    private Carried() {}

    static ObjectNode block(String data) {
        return Json.object().put("type", "redacted_thinking").put("data", data);
    }

    /** The data of the block that carries a foreign item. */
    static String item(Part.VendorItem item, @Nullable Seal seal) {
        ObjectNode node = Json.object().put("provider", item.provider());
        node.set("item", item.item());
        if (seal != null) {
            node.put("seal", Seals.write(seal));
        }
        return Seals.write(new Seal(ITEM, null, null, Json.text(node)));
    }

    /** The data of the block that carries the seal of the part before it. */
    static String behind(Seal seal) {
        return Seals.write(new Seal(BEHIND, null, null, Seals.write(seal)));
    }

    /** The data of the block that stands for an empty text with that seal. */
    static String alone(Seal seal) {
        return Seals.write(new Seal(ALONE, null, null, Seals.write(seal)));
    }

    /** Puts what was carried back in its place. */
    static List<Part> unpack(List<Part> parts, String pointer) {
        List<Part> unpacked = new ArrayList<>(parts.size());
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            Seal seal = part instanceof Part.Thinking ? part.seal() : null;
            String at = pointer + "/" + i + "/data";
            if (seal != null && seal.provider().equals(ITEM)) {
                unpacked.add(item(seal, at));
            } else if (seal != null && seal.provider().equals(BEHIND)) {
                seal(unpacked, Seals.read(seal.data(), at));
            } else if (seal != null && seal.provider().equals(ALONE)) {
                Seal own = Seals.read(seal.data(), at);
                unpacked.add(new Part.Text("", List.of(), own, null, Extras.NONE));
            } else {
                unpacked.add(part);
            }
        }
        return unpacked;
    }

    private static Part.VendorItem item(Seal carrier, String pointer) {
        try {
            JsonNode node = Json.read(carrier.data());
            String seal = AnthropicDecoder.text(node.path("seal"));
            return new Part.VendorItem(
                    node.path("provider").asText(),
                    node.path("item"),
                    seal == null ? null : Seals.read(seal, pointer),
                    null);
        } catch (MalformedJson e) {
            throw Fields.bad(pointer, "not what was given out", "the block unchanged");
        }
    }

    /** Seals the last part where that is one that can carry it. */
    private static void seal(List<Part> parts, Seal seal) {
        if (parts.isEmpty()) {
            return;
        }
        Part sealed =
                switch (parts.getLast()) {
                    case Part.Text text ->
                            new Part.Text(
                                    text.text(),
                                    text.citations(),
                                    seal,
                                    text.cache(),
                                    text.extras());
                    case Part.ToolCall call ->
                            new Part.ToolCall(
                                    call.id(),
                                    call.name(),
                                    call.arguments(),
                                    seal,
                                    call.cache(),
                                    call.extras());
                    case Part other -> other;
                };
        parts.set(parts.size() - 1, sealed);
    }

    /** A citation that did not come from Anthropic, in the form that this format's clients know. */
    static ObjectNode citation(Citation citation) {
        ObjectNode span = Json.object();
        span.put("start", citation.start()).put("end", citation.end());
        span.put("url", citation.url()).put("title", citation.title());
        span.put("quote", citation.quote()).put("source", citation.source());
        ObjectNode node = Json.object().put("type", "web_search_result_location");
        node.put("cited_text", citation.quote() == null ? "" : citation.quote());
        String url = citation.url() == null ? citation.source() : citation.url();
        node.put("url", url == null ? "" : url);
        node.put("title", citation.title());
        node.put("encrypted_index", Seals.write(new Seal(CITATION, null, null, Json.text(span))));
        return node;
    }

    /** The citation that {@link #citation(Citation)} wrote; null when it is the vendor's own. */
    static @Nullable Citation citation(JsonNode node) {
        String index = node.path("encrypted_index").asText("");
        if (!Seals.isOurs(index)) {
            return null;
        }
        try {
            JsonNode span = Json.read(Seals.read(index, "").data());
            return new Citation(
                    span.path("start").asInt(),
                    span.path("end").asInt(),
                    AnthropicDecoder.text(span.path("url")),
                    AnthropicDecoder.text(span.path("title")),
                    AnthropicDecoder.text(span.path("quote")),
                    AnthropicDecoder.text(span.path("source")));
        } catch (MalformedJson e) {
            return null; // Changed on its way: then it is nobody's.
        }
    }
}
