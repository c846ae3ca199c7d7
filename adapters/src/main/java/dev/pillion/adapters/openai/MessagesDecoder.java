package dev.pillion.adapters.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.Message;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Role;
import dev.pillion.protocol.wire.Extras;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decodes the messages: leading instructions apart, tool messages that follow each other as one.
 */
final class MessagesDecoder {
    private static final Set<String> INSTRUCTION = Set.of("role", "content");
    private static final Set<String> TOOL = Set.of("role", "content", "tool_call_id", "name");
    private static final Set<String> FUNCTION = Set.of("role", "content", "name");

    private final List<Part.Text> system = new ArrayList<>();
    private final List<Message> messages = new ArrayList<>();
    private final List<Part> results = new ArrayList<>();
    private int legacyCalls;

    void decode(ArrayNode from) {
        for (int i = 0; i < from.size(); i++) {
            String at = "/messages/" + i;
            message(Fields.object(from.get(i), at), at);
        }
        flushResults();
    }

    private void message(ObjectNode message, String at) {
        String role = Fields.string(message.get("role"), at + "/role");
        if (role.equals("tool")) {
            results.add(toolResult(message, at));
            return;
        }
        if (role.equals("function")) {
            results.add(functionResult(message, at));
            return;
        }
        flushResults();
        switch (role) {
            case "system", "developer" -> instruction(message, role, at);
            case "user" -> messages.add(user(message, at));
            case "assistant" -> messages.add(assistant(message, at));
            default ->
                    throw Fields.wrong(
                            message.get("role"),
                            at + "/role",
                            "developer, system, user, assistant, tool or function");
        }
    }

    private void flushResults() {
        if (!results.isEmpty()) {
            messages.add(new Message(Role.TOOL, List.copyOf(results)));
            results.clear();
        }
    }

    private void instruction(ObjectNode message, String role, String at) {
        List<Part.Text> texts = new ArrayList<>();
        for (Part part : ContentDecoder.parts(message.get("content"), at + "/content")) {
            if (!(part instanceof Part.Text text)) {
                throw Fields.wrong(null, at + "/content/" + texts.size(), "a text part");
            }
            texts.add(InstructionText.of(text, Fields.unknown(message, INSTRUCTION), role));
        }
        if (messages.isEmpty()) {
            system.addAll(texts);
        } else {
            messages.add(new Message(Role.SYSTEM, List.copyOf(texts)));
        }
    }

    private static Message user(ObjectNode message, String at) {
        return new Message(
                Role.USER,
                ContentDecoder.parts(message.get("content"), at + "/content"),
                Extras.of(Marks.SPEAKS, Fields.unknown(message, INSTRUCTION)));
    }

    private Message assistant(ObjectNode message, String at) {
        return new AssistantDecoder(message, at, "call_legacy_" + legacyCalls).decode();
    }

    private static Part toolResult(ObjectNode message, String at) {
        String id = Fields.string(message.get("tool_call_id"), at + "/tool_call_id");
        ObjectNode unknown = Fields.unknown(message, TOOL);
        // The function's name beside the id says nothing new.
        boolean optional = unknown.isEmpty();
        JsonNode name = message.get("name");
        if (name != null && !name.isNull()) {
            unknown.set("name", name);
        }
        Extras extras =
                unknown.isEmpty()
                        ? Extras.NONE
                        : new Extras(Map.of(Marks.SPEAKS, unknown), optional);
        return new Part.ToolResult(id, resultContent(message, at), false, null, extras);
    }

    /** The deprecated form has no ids: calls and results pair up in order. */
    private Part functionResult(ObjectNode message, String at) {
        String id = "call_legacy_" + legacyCalls++;
        Extras extras = Extras.of(Marks.SPEAKS, Fields.unknown(message, FUNCTION));
        return new Part.ToolResult(id, resultContent(message, at), false, null, extras);
    }

    private static List<Part> resultContent(ObjectNode message, String at) {
        JsonNode content = message.get("content");
        if (content == null || content.isNull()) {
            return List.of();
        }
        if (content.isTextual() && content.textValue().isEmpty()) {
            return List.of();
        }
        return ContentDecoder.parts(content, at + "/content");
    }

    List<Part.Text> system() {
        return List.copyOf(system);
    }

    List<Message> messages() {
        return List.copyOf(messages);
    }
}
