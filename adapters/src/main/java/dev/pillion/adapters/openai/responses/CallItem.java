package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.adapters.openai.Marks;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.wire.Json;
import java.util.Set;
import java.util.function.Consumer;

/** A call of the caller's function, or of its tool that takes free text. */
final class CallItem extends OutputItem {
    private static final Set<String> KNOWN =
            Set.of("type", "id", "call_id", "name", "arguments", "input", "status");
    private static final Set<String> KNOWN_BUT_ID =
            Set.of("type", "call_id", "name", "arguments", "input", "status");

    private final int index;
    private final boolean custom;
    private final StringBuilder arguments = new StringBuilder();
    private int sentChars;
    private int part = -1;

    CallItem(JsonNode begun, int index, boolean custom, AnswerParts parts) {
        super(begun, parts);
        this.index = index;
        this.custom = custom;
    }

    @Override
    void grow(String type, JsonNode event) {
        arguments.append(event.path("delta").asText(""));
    }

    @Override
    void complete(JsonNode json) {
        catchUp(arguments, json.path(custom ? "input" : "arguments").asText(""));
    }

    @Override
    void flush(Consumer<ChatEvent> out) {
        // What takes free text is handed on whole, as JSON; a call without its name waits for it.
        if (custom || !begun().path("name").isTextual()) {
            return;
        }
        open(out);
        if (sentChars < arguments.length()) {
            out.accept(new ChatEvent.ToolCallDelta(part, arguments.substring(sentChars)));
            sentChars = arguments.length();
        }
    }

    private void open(Consumer<ChatEvent> out) {
        if (part < 0) {
            part = parts.open();
            parts.call();
            out.accept(new ChatEvent.ToolCallStarted(part, id(), begun().path("name").asText("")));
        }
    }

    private String id() {
        String id = begun().path("call_id").asText("");
        if (id.isEmpty()) {
            id = begun().path("id").asText("");
        }
        return id.isEmpty() ? "call_" + index : id;
    }

    @Override
    void seal(Consumer<ChatEvent> out) {
        open(out);
        if (custom) {
            out.accept(new ChatEvent.Sealed(part, Marks.custom()));
            String json = Json.text(Json.object().put("input", arguments.toString()));
            out.accept(new ChatEvent.ToolCallDelta(part, json));
            return;
        }
        boolean keepsId = parts.quirks().callItemIds();
        Seal fields = parts.fields(begun(), keepsId ? KNOWN_BUT_ID : KNOWN);
        if (fields != null) {
            out.accept(new ChatEvent.Sealed(part, fields));
        }
    }
}
