package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.ChatEvent;
import java.util.function.Consumer;

/** Thinking, open or redacted. It is kept even when its text is empty, since its seal counts. */
final class ThinkingBlock extends OpenBlock {
    private final ObjectNode block;
    private final Answer answer;
    private final Pieces pieces = new Pieces();
    private int index = -1;
    private String signature;

    ThinkingBlock(ObjectNode block, Answer answer) {
        this.block = block;
        this.answer = answer;
        this.signature = block.path("signature").asText("");
    }

    @Override
    void begin(Consumer<ChatEvent> out) {
        index = answer.nextIndex();
        String text = pieces.next(block.path("thinking").asText(""));
        out.accept(new ChatEvent.ThinkingDelta(index, text));
    }

    @Override
    void delta(JsonNode delta, Consumer<ChatEvent> out) {
        switch (delta.path("type").asText()) {
            case "thinking_delta" -> say(pieces.next(delta.path("thinking").asText("")), out);
            case "signature_delta" -> signature = delta.path("signature").asText("");
            default -> {} // A newer delta, to be skipped like a newer event.
        }
    }

    private void say(String text, Consumer<ChatEvent> out) {
        if (!text.isEmpty()) {
            out.accept(new ChatEvent.ThinkingDelta(index, text));
        }
    }

    @Override
    void close(Consumer<ChatEvent> out) {
        say(pieces.rest(), out);
        String account = answer.account();
        String model = answer.model();
        if (block.path("type").asText().equals("redacted_thinking")) {
            String data = block.path("data").asText("");
            out.accept(new ChatEvent.Sealed(index, VendorState.redacted(data, account, model)));
        } else if (!signature.isEmpty()) {
            out.accept(
                    new ChatEvent.Sealed(index, VendorState.signature(signature, account, model)));
        }
    }
}
