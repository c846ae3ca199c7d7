package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.openai.Fields;
import dev.pillion.adapters.openai.Marks;
import dev.pillion.protocol.chat.MediaSource;
import dev.pillion.protocol.chat.Message;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Role;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.chat.Seals;
import dev.pillion.protocol.wire.Extras;
import dev.pillion.protocol.wire.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the model did between two inputs: items that follow each other, as one message. */
final class AssistantTurn {
    private static final Set<String> CUSTOM =
            Set.of("type", "id", "call_id", "name", "input", "status");

    private final List<Part> parts = new ArrayList<>();
    private final Map<String, Seal> carriers = new LinkedHashMap<>();
    private boolean begun;

    boolean isEmpty() {
        return !begun;
    }

    /** The seals find their parts at last: some clients put all reasoning first. */
    Message message() {
        carriers.forEach((pointer, seal) -> Carried.unpack(seal, parts, pointer));
        return new Message(Role.ASSISTANT, List.copyOf(parts));
    }

    void message(ObjectNode item, String at) {
        begun = true;
        boolean after = !parts.isEmpty() && parts.getLast() instanceof Part.Text;
        Seal seal = ItemFields.ofMessage(item, after, ledBy());
        JsonNode content = item.get("content");
        if (content == null || content.isNull()) {
            return;
        }
        for (Part part : InputParts.parts(content, at + "/content")) {
            parts.add(part instanceof Part.Text text ? sealed(text, seal) : part);
            seal = null;
        }
    }

    /** The state of the thinking that led to what comes now; null where none did. */
    private @Nullable Seal ledBy() {
        return !parts.isEmpty() && parts.getLast() instanceof Part.Thinking thinking
                ? thinking.seal()
                : null;
    }

    private static Part sealed(Part.Text text, @Nullable Seal seal) {
        return seal == null || text.seal() != null
                ? text
                : new Part.Text(text.text(), text.citations(), seal, text.cache(), text.extras());
    }

    /** A call of the caller's own function or custom tool; gives its id. */
    String call(ObjectNode item, String type, String at) {
        begun = true;
        String id = Fields.string(item.get("call_id"), at + "/call_id");
        String name = Fields.string(item.get("name"), at + "/name");
        if (type.equals("custom_tool_call")) {
            ObjectNode arguments = Json.object();
            arguments.put("input", Fields.string(item.get("input"), at + "/input"));
            Extras extras = Extras.of(Marks.SPEAKS, Fields.unknown(item, CUSTOM));
            parts.add(
                    new Part.ToolCall(
                            id, name, Json.text(arguments), Marks.custom(), null, extras));
            return id;
        }
        String arguments = Fields.stringOrNull(item, "arguments", at);
        parts.add(
                new Part.ToolCall(
                        id,
                        name,
                        arguments == null || arguments.isEmpty() ? "{}" : arguments,
                        ItemFields.ofCall(item, ledBy()),
                        null,
                        Extras.NONE));
        return id;
    }

    /** Thinking with the vendor's own state, with a seal of ours in its place, or with neither. */
    void reasoning(ObjectNode item, String at) {
        String state = Fields.stringOrNull(item, "encrypted_content", at);
        if (state != null && Seals.isOurs(state)) {
            String pointer = at + "/encrypted_content";
            carried(Seals.read(state, pointer), item, pointer);
            return;
        }
        begun = true;
        Seal seal = ItemIds.isOurs(item.path("id")) ? null : ReasoningText.seal(item);
        parts.add(new Part.Thinking(ReasoningText.of(item), seal, Extras.NONE));
    }

    private void carried(Seal seal, ObjectNode item, String pointer) {
        if (seal.provider().equals(Carried.SEALS)) {
            carriers.put(pointer, seal);
            return;
        }
        begun = true;
        Part part = Carried.part(seal, pointer);
        parts.add(
                part == null ? new Part.Thinking(ReasoningText.of(item), seal, Extras.NONE) : part);
    }

    /** What a tool of the vendor did; a picture that was shown under an id of ours is one again. */
    void item(ObjectNode item, String type, String at) {
        begun = true;
        if (type.equals("image_generation_call") && ItemIds.isOurs(item.path("id"))) {
            String format = item.path("output_format").asText("png");
            parts.add(
                    new Part.Image(
                            new MediaSource.Inline(
                                    Fields.string(item.get("result"), at + "/result"),
                                    "image/" + format),
                            null,
                            Extras.NONE));
            return;
        }
        parts.add(new Part.VendorItem(Marks.SPEAKS, item, null, null));
    }
}
