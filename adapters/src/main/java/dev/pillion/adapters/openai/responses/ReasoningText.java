package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.openai.Marks;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.wire.Json;

/** A vendor's reasoning item as thinking: its words, and all of it as the seal. */
final class ReasoningText {
    private ReasoningText() {}

    /** The summary, or the reasoning itself where that is shown; parts are told by a blank line. */
    static String of(ObjectNode item) {
        String summary = joined(item.path("summary"));
        return summary.isEmpty() ? joined(item.path("content")) : summary;
    }

    private static String joined(JsonNode parts) {
        var text = new StringBuilder();
        for (JsonNode part : parts) {
            String piece = part.path("text").asText("");
            text.append(text.isEmpty() || piece.isEmpty() ? "" : "\n\n").append(piece);
        }
        return text.toString();
    }

    /** The item as its vendor sent it; how far it had come is no part of it. */
    static Seal seal(ObjectNode item) {
        ObjectNode kept = item.deepCopy();
        kept.remove("status");
        return new Seal(Marks.SPEAKS, null, null, Json.text(kept));
    }
}
