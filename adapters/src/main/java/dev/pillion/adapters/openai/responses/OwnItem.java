package dev.pillion.adapters.openai.responses;

import static dev.pillion.adapters.openai.Citations.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.Part;
import java.util.function.Consumer;

/** An item of the vendor's own, handed on whole: what its tools did, its state. */
final class OwnItem extends OutputItem {
    OwnItem(JsonNode begun, AnswerParts parts) {
        super(begun, parts);
    }

    @Override
    void grow(String type, JsonNode event) {
        // The whole item says it all.
    }

    @Override
    void complete(JsonNode json) {
        if (json.path("type").asText().equals("web_search_call")) {
            search(json);
        }
    }

    /** Whether such a call searched, which is billed; opening a page is not. */
    static boolean isSearch(JsonNode json) {
        return json.path("action").path("type").asText().equals("search")
                && json.path("status").asText("completed").equals("completed");
    }

    private void search(JsonNode json) {
        JsonNode action = json.path("action");
        if (isSearch(json)) {
            parts.search();
        }
        for (JsonNode source : action.path("sources")) {
            parts.source(text(source, "url"), text(source, "title"));
        }
        parts.source(text(action, "url"), null);
    }

    @Override
    void flush(Consumer<ChatEvent> out) {
        // Handed on when it is done.
    }

    @Override
    void seal(Consumer<ChatEvent> out) {
        if (begun().isObject()) {
            out.accept(
                    new ChatEvent.Whole(
                            parts.open(),
                            new Part.VendorItem(
                                    parts.quirks().provider(), begun(), parts.itemSeal(), null)));
        }
    }
}
