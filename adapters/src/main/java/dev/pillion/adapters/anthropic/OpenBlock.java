package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.anthropic.AnthropicDecoder.Nonsense;
import dev.pillion.protocol.chat.ChatEvent;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A content block that still grows. It takes its part's index when it has something to say. */
abstract class OpenBlock {

    /** What the blocks of one answer share. */
    static final class Answer {
        private final String account;
        private final String model;
        private final AnswerCheck check;
        private int parts;

        Answer(String account, String model, AnswerCheck check) {
            this.account = account;
            this.model = model;
            this.check = check;
        }

        int nextIndex() {
            return parts++;
        }

        String account() {
            return account;
        }

        String model() {
            return model;
        }

        AnswerCheck check() {
            return check;
        }
    }

    static OpenBlock of(ObjectNode block, Answer answer) {
        return switch (block.path("type").asText()) {
            case "text" -> new TextBlock(block, answer);
            case "thinking", "redacted_thinking" -> new ThinkingBlock(block, answer);
            case "tool_use" -> new ToolBlock(block, answer);
            default -> new ItemBlock(block, answer);
        };
    }

    /** Says what the block holds already as it opens. */
    abstract void begin(Consumer<ChatEvent> out) throws Nonsense;

    abstract void delta(JsonNode delta, Consumer<ChatEvent> out) throws Nonsense;

    abstract void close(Consumer<ChatEvent> out) throws Nonsense;

    /**
     * Joins text that comes in pieces, so that no piece ends between the two halves of a character
     * outside the basic plane.
     */
    static final class Pieces {
        private @Nullable Character half;

        String next(String piece) {
            if (piece.isEmpty()) {
                return piece;
            }
            String text = half == null ? piece : half + piece;
            half = null;
            char last = text.charAt(text.length() - 1);
            if (Character.isHighSurrogate(last)) {
                half = last;
                return text.substring(0, text.length() - 1);
            }
            return text;
        }

        String rest() {
            String rest = half == null ? "" : half.toString();
            half = null;
            return rest;
        }
    }
}
