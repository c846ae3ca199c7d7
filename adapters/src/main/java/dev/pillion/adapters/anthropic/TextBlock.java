package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.wire.Json;
import java.util.function.Consumer;

/**
 * A text block. Its citations back all of it, so they are told when its length is known; the raw
 * ones go along as its seal.
 */
final class TextBlock extends OpenBlock {
    private final ObjectNode block;
    private final Answer answer;
    private final AnswerCheck.TextFilter filter;
    private final ArrayNode citations = Json.nodes().arrayNode();
    private final Pieces pieces = new Pieces();
    private int index = -1;
    private int codePoints;

    TextBlock(ObjectNode block, Answer answer) {
        this.block = block;
        this.answer = answer;
        this.filter = answer.check().filter();
    }

    @Override
    void begin(Consumer<ChatEvent> out) {
        append(block.path("text").asText(), out);
        block.path("citations").forEach(citations::add);
    }

    @Override
    void delta(JsonNode delta, Consumer<ChatEvent> out) {
        switch (delta.path("type").asText()) {
            case "text_delta" -> append(delta.path("text").asText(), out);
            case "citations_delta" -> {
                if (delta.path("citation").isObject()) {
                    citations.add(delta.path("citation"));
                }
            }
            default -> {} // A newer delta, to be skipped like a newer event.
        }
    }

    private void append(String piece, Consumer<ChatEvent> out) {
        say(filter.next(pieces.next(piece)), out);
    }

    private void say(String text, Consumer<ChatEvent> out) {
        if (text.isEmpty()) {
            return;
        }
        open();
        codePoints += text.codePointCount(0, text.length());
        answer.check().text(text);
        out.accept(new ChatEvent.TextDelta(index, text));
    }

    private void open() {
        if (index < 0) {
            index = answer.nextIndex();
        }
    }

    @Override
    void close(Consumer<ChatEvent> out) {
        say(filter.next(pieces.rest()) + filter.rest(), out);
        if (citations.isEmpty()) {
            return;
        }
        if (index < 0) {
            open();
            out.accept(new ChatEvent.TextDelta(index, ""));
        }
        out.accept(new ChatEvent.Sealed(index, VendorState.citations(citations, answer.account())));
        for (JsonNode citation : citations) {
            out.accept(new ChatEvent.Cited(index, Citations.read(citation, codePoints)));
        }
    }
}
