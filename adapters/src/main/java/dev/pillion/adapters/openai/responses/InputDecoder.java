package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.openai.Fields;
import dev.pillion.adapters.openai.InstructionText;
import dev.pillion.adapters.openai.Marks;
import dev.pillion.protocol.chat.Message;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Role;
import dev.pillion.protocol.wire.Extras;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decodes the input items: leading instructions apart, what the model did up to the next input as
 * one assistant message, outputs of calls that follow each other as one tool message.
 */
final class InputDecoder {
    private static final Set<String> MESSAGE =
            Set.of("type", "role", "content", "id", "status", "phase");
    private static final Set<String> RESULT = Set.of("type", "call_id", "output", "id", "status");

    private final List<Part.Text> system = new ArrayList<>();
    private final List<Message> messages = new ArrayList<>();
    private final List<Part> results = new ArrayList<>();
    private final Set<String> calls = new HashSet<>();
    private AssistantTurn turn = new AssistantTurn();

    void instructions(String text) {
        if (!text.isEmpty()) {
            system.addFirst(new Part.Text(text));
        }
    }

    void decode(JsonNode input) {
        if (input.isTextual()) {
            messages.add(new Message(Role.USER, List.of(new Part.Text(input.textValue()))));
            return;
        }
        if (!(input instanceof ArrayNode items)) {
            throw Fields.wrong(input, "/input", "a string or an array of items");
        }
        for (int i = 0; i < items.size(); i++) {
            String at = "/input/" + i;
            item(Fields.object(items.get(i), at), at);
        }
        flush();
    }

    private void item(ObjectNode item, String at) {
        JsonNode given = item.get("type");
        boolean message = given == null || given.isNull();
        String type = message ? "message" : Fields.string(given, at + "/type");
        switch (type) {
            case "message" -> message(item, at);
            case "function_call", "custom_tool_call" -> {
                flushResults();
                calls.add(turn.call(item, type, at));
            }
            case "reasoning" -> {
                flushResults();
                turn.reasoning(item, at);
            }
            case "function_call_output", "custom_tool_call_output" -> {
                flushTurn();
                results.add(result(item, type, at));
            }
            default -> other(item, type, at);
        }
    }

    /**
     * Any other item: what a tool of the vendor did belongs to the answer it is part of; what
     * stands for input, or for a conversation that only the vendor can read, is a message of its
     * own that others refuse by name.
     */
    private void other(ObjectNode item, String type, String at) {
        refuseUnstored(item, type, at);
        if (!isInput(type, item.path("execution").asText())) {
            flushResults();
            turn.item(item, type, at);
            return;
        }
        flush();
        var raw = new Part.VendorItem(Marks.SPEAKS, item, null, null);
        ObjectNode name = item.objectNode().put("type", type);
        messages.add(new Message(Role.USER, List.of(raw), Extras.of(Marks.SPEAKS, name)));
    }

    /** Whether an item of that type stands for input; who ran it tells where the type does not. */
    static boolean isInput(String type, String execution) {
        return switch (type) {
            case "item_reference",
                    "compaction",
                    "compaction_trigger",
                    "additional_tools",
                    "configuration_update",
                    "mcp_approval_response" ->
                    true;
            case "tool_search_output" -> execution.equals("client");
            default -> type.endsWith("_call_output");
        };
    }

    /** Items that were made here are stored nowhere: they can't be named, only sent. */
    private static void refuseUnstored(ObjectNode item, String type, String at) {
        if (type.equals("item_reference") && ItemIds.isOurs(item.path("id"))) {
            throw Fields.wrong(
                    item.get("id"),
                    at + "/id",
                    "the item itself, since it was not stored; clients send it with store: false");
        }
    }

    private void message(ObjectNode item, String at) {
        String role = Fields.string(item.get("role"), at + "/role");
        if (role.equals("assistant")) {
            flushResults();
            turn.message(item, at);
            return;
        }
        flush();
        switch (role) {
            case "system", "developer" -> instruction(item, role, at);
            case "user" ->
                    messages.add(
                            new Message(
                                    Role.USER,
                                    InputParts.parts(item.get("content"), at + "/content"),
                                    Extras.of(Marks.SPEAKS, Fields.unknown(item, MESSAGE))));
            default ->
                    throw Fields.wrong(
                            item.get("role"), at + "/role", "user, assistant, system or developer");
        }
    }

    private void instruction(ObjectNode item, String role, String at) {
        List<Part.Text> texts = new ArrayList<>();
        for (Part part : InputParts.parts(item.get("content"), at + "/content")) {
            if (!(part instanceof Part.Text text)) {
                throw Fields.wrong(null, at + "/content/" + texts.size(), "a text part");
            }
            texts.add(InstructionText.of(text, Fields.unknown(item, MESSAGE), role));
        }
        if (messages.isEmpty()) {
            system.addAll(texts);
        } else {
            messages.add(new Message(Role.SYSTEM, List.copyOf(texts)));
        }
    }

    private Part result(ObjectNode item, String type, String at) {
        String id = Fields.string(item.get("call_id"), at + "/call_id");
        ObjectNode rest = Fields.unknown(item, RESULT);
        boolean optional = rest.isEmpty();
        if (type.equals("custom_tool_call_output") && !calls.contains(id)) {
            rest.put("type", type); // Else the call tells what kind of output it has.
        }
        Extras extras =
                rest.isEmpty() ? Extras.NONE : new Extras(Map.of(Marks.SPEAKS, rest), optional);
        return new Part.ToolResult(id, output(item, at + "/output"), false, null, extras);
    }

    private static List<Part> output(ObjectNode item, String at) {
        JsonNode output = item.get("output");
        boolean empty =
                output == null
                        || output.isNull()
                        || (output.isTextual() && output.textValue().isEmpty());
        return empty ? List.of() : InputParts.parts(output, at);
    }

    private void flush() {
        flushTurn();
        flushResults();
    }

    private void flushTurn() {
        if (!turn.isEmpty()) {
            messages.add(turn.message());
            turn = new AssistantTurn();
        }
    }

    private void flushResults() {
        if (!results.isEmpty()) {
            messages.add(new Message(Role.TOOL, List.copyOf(results)));
            results.clear();
        }
    }

    List<Part.Text> system() {
        return List.copyOf(system);
    }

    List<Message> messages() {
        return List.copyOf(messages);
    }
}
