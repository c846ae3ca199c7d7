package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.Message;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Role;
import dev.pillion.protocol.wire.Extras;
import dev.pillion.protocol.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Decodes the turns of a conversation; tool results become messages of their own. */
final class MessageDecoder {
    /**
     * Among a message's own fields: its client kept it apart from the one before, of the same role.
     * The vendor reads both ways alike; a conversation goes on as its client has it.
     */
    static final String APART = "@apart";

    private final ContentDecoder content;
    private String roleBefore = "";

    MessageDecoder(boolean old) {
        this.content = new ContentDecoder(old);
    }

    void decode(JsonNode node, String pointer, List<Message> into) {
        ObjectNode message = Fields.object(node, pointer);
        String role = Fields.requiredText(message, "role", pointer);
        Extras extras = extras(message, role.equals(roleBefore) && !role.equals("system"));
        roleBefore = role;
        switch (role) {
            case "user" -> user(message, pointer, extras, into);
            case "assistant" ->
                    into.add(new Message(Role.ASSISTANT, assistantParts(message, pointer), extras));
            case "system" ->
                    into.add(new Message(Role.SYSTEM, userParts(message, pointer), extras));
            default -> throw Fields.bad(pointer + "/role", role, "user, assistant or system");
        }
    }

    private static Extras extras(ObjectNode message, boolean apart) {
        ObjectNode rest = Json.object();
        for (var entry : message.properties()) {
            boolean said = entry.getKey().equals("role") || entry.getKey().equals("content");
            if (!said && !entry.getValue().isNull()) {
                rest.set(entry.getKey(), entry.getValue());
            }
        }
        if (!apart) {
            return Extras.of(Api.NAME, rest);
        }
        boolean optional = rest.isEmpty();
        return new Extras(Map.of(Api.NAME, rest.put(APART, true)), optional);
    }

    /** Results and what else the user says, in the order they came in. */
    private void user(ObjectNode message, String pointer, Extras extras, List<Message> into) {
        List<Part> run = new ArrayList<>();
        Role role = Role.USER;
        Extras left = extras;
        for (Part part : userParts(message, pointer)) {
            Role own = part instanceof Part.ToolResult ? Role.TOOL : Role.USER;
            if (own != role && !run.isEmpty()) {
                into.add(new Message(role, List.copyOf(run), left));
                left = Extras.NONE;
                run.clear();
            }
            role = own;
            run.add(part);
        }
        if (!run.isEmpty() || into.isEmpty() || !left.isEmpty()) {
            into.add(new Message(role, List.copyOf(run), left));
        }
    }

    private List<Part> userParts(ObjectNode message, String pointer) {
        return content.list(
                Fields.present(message, "content"), pointer + "/content", content::user);
    }

    private List<Part> assistantParts(ObjectNode message, String pointer) {
        List<Part> parts =
                content.list(
                        Fields.present(message, "content"),
                        pointer + "/content",
                        content::assistant);
        return Carried.unpack(parts, pointer + "/content");
    }
}
