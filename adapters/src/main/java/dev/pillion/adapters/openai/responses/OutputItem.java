package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.wire.Json;
import java.util.function.Consumer;

/** One item of the output while it comes in: as events, or at once. */
abstract sealed class OutputItem permits MessageItem, ReasoningItem, CallItem, OwnItem {
    final AnswerParts parts;
    private JsonNode begun;
    private boolean done;
    private boolean closed;

    OutputItem(JsonNode begun, AnswerParts parts) {
        this.begun = begun;
        this.parts = parts;
    }

    /** The item that the JSON begins. */
    static OutputItem of(JsonNode json, int index, AnswerParts parts) {
        return switch (json.path("type").asText()) {
            case "message" -> new MessageItem(json, parts);
            case "reasoning" -> new ReasoningItem(json, parts);
            case "function_call" -> new CallItem(json, index, false, parts);
            case "custom_tool_call" ->
                    parts.quirks().customTools()
                            ? new CallItem(json, index, true, parts)
                            : new OwnItem(json, parts);
            default -> new OwnItem(json, parts);
        };
    }

    /** The item that grows by such events, where the vendor did not say that it begins. */
    static OutputItem grownBy(String eventType, int index, AnswerParts parts) {
        String type =
                switch (eventType) {
                    case "response.function_call_arguments.delta" -> "function_call";
                    case "response.custom_tool_call_input.delta" -> "custom_tool_call";
                    case "response.reasoning_summary_text.delta", "response.reasoning_text.delta" ->
                            "reasoning";
                    default -> "message";
                };
        return of(Json.object().put("type", type), index, parts);
    }

    /** What is known of it so far beside what it grew by. */
    final JsonNode begun() {
        return begun;
    }

    final boolean isDone() {
        return done;
    }

    final boolean closed() {
        return closed;
    }

    /** The item as it came out in the end. */
    final void done(JsonNode json) {
        done = true;
        begun = json;
        complete(json);
    }

    /** The answer is over, and the item never came out whole. */
    final void abandon() {
        done = true;
    }

    /** Nothing comes after this. */
    final void close(Consumer<ChatEvent> out) {
        seal(out);
        closed = true;
        parts.closed(this instanceof ReasoningItem);
    }

    /** Takes an event that adds to it. */
    abstract void grow(String type, JsonNode event);

    /** Takes from the whole item what the events did not bring. */
    abstract void complete(JsonNode json);

    /** Hands on what has come. */
    abstract void flush(Consumer<ChatEvent> out);

    /** Hands on what only the whole item says. */
    abstract void seal(Consumer<ChatEvent> out);

    /** Makes the text what the whole says, where the whole goes on from it. */
    static void catchUp(StringBuilder text, String whole) {
        if (whole.length() > text.length() && whole.startsWith(text.toString())) {
            text.append(whole, text.length(), whole.length());
        }
    }
}
