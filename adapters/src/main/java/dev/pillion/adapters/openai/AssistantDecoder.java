package dev.pillion.adapters.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.Citation;
import dev.pillion.protocol.chat.MediaSource;
import dev.pillion.protocol.chat.Message;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Role;
import dev.pillion.protocol.wire.Extras;
import dev.pillion.protocol.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decodes one assistant message: thinking, text, refusal, sound, calls; then the seals' notes. */
final class AssistantDecoder {
    private static final Set<String> KNOWN =
            Set.of(
                    "role",
                    "content",
                    "refusal",
                    "annotations",
                    "audio",
                    "tool_calls",
                    "function_call",
                    "reasoning_content",
                    "reasoning",
                    "reasoning_details");
    private static final Set<String> CALL = Set.of("id", "type", "index", "function", "custom");
    private static final Set<String> FUNCTION = Set.of("name", "arguments");

    private final ObjectNode message;
    private final String at;
    private final String legacyCallId;
    private final ObjectNode raw;
    private final List<Part> texts = new ArrayList<>();
    private final List<Part> calls = new ArrayList<>();
    private @Nullable Part thinking;
    private @Nullable Part audio;

    AssistantDecoder(ObjectNode message, String at, String legacyCallId) {
        this.message = message;
        this.at = at;
        this.legacyCallId = legacyCallId;
        this.raw = Fields.unknown(message, KNOWN);
    }

    Message decode() {
        thinking();
        content();
        audio();
        calls();
        SealNotes notes = SealNotes.read(message.get("reasoning_details"));
        if (!notes.foreign().isEmpty()) {
            raw.set("reasoning_details", notes.foreign());
        }
        boolean optional = optional();
        Extras extras =
                raw.isEmpty() ? Extras.NONE : new Extras(Map.of(Marks.SPEAKS, raw), optional);
        return new Message(Role.ASSISTANT, notes.apply(parts(notes), calls), extras);
    }

    /** What other servers noted about their thinking is theirs alone; citations are only notes. */
    private boolean optional() {
        for (Map.Entry<String, JsonNode> field : raw.properties()) {
            switch (field.getKey()) {
                case "reasoning_details", "annotations", "reasoning" -> {}
                default -> {
                    return false;
                }
            }
        }
        return true;
    }

    private List<Part> parts(SealNotes notes) {
        List<Part> parts = new ArrayList<>();
        if (thinking != null && !notes.hasThinking()) {
            parts.add(thinking);
        }
        parts.addAll(texts);
        if (audio != null) {
            parts.add(audio);
        }
        return parts;
    }

    private void thinking() {
        String text = Fields.stringOrNull(message, "reasoning_content", at);
        String other = Fields.stringOrNull(message, "reasoning", at);
        ObjectNode fields = Json.object();
        if (text != null) {
            fields.put("reasoning_content", true);
        }
        if (other != null && (text == null || text.equals(other))) {
            fields.put("reasoning", true);
            text = other;
        } else if (other != null) {
            raw.put("reasoning", other);
        }
        if (text != null) {
            thinking =
                    new Part.Thinking(text, null, new Extras(Map.of(Marks.SPEAKS, fields), true));
        }
    }

    private void content() {
        JsonNode content = message.get("content");
        boolean calling =
                message.path("tool_calls").size() > 0 || message.hasNonNull("function_call");
        if (content != null && !content.isNull() && !(calling && isEmptyText(content))) {
            texts.addAll(ContentDecoder.parts(content, at + "/content"));
        }
        JsonNode annotations = message.get("annotations");
        if (annotations != null && annotations.size() > 0) {
            raw.set("annotations", annotations);
            if (texts.size() == 1 && texts.getFirst() instanceof Part.Text text) {
                texts.set(0, cited(text, annotations));
            }
        }
        String refusal = Fields.stringOrNull(message, "refusal", at);
        if (refusal != null) {
            texts.add(new Part.Text(refusal, List.of(), Marks.refusal(), null, Extras.NONE));
        }
    }

    private static boolean isEmptyText(JsonNode content) {
        return content.isTextual() && content.textValue().isEmpty();
    }

    private static Part cited(Part.Text text, JsonNode annotations) {
        List<Citation> citations = new ArrayList<>();
        for (JsonNode annotation : annotations) {
            Citation citation = Citations.read(annotation);
            if (citation != null) {
                citations.add(citation);
            }
        }
        return new Part.Text(
                text.text(), List.copyOf(citations), text.seal(), text.cache(), text.extras());
    }

    private void audio() {
        JsonNode node = message.get("audio");
        if (node == null || node.isNull()) {
            return;
        }
        ObjectNode fields = Fields.object(node, at + "/audio");
        String id = Fields.string(fields.get("id"), at + "/audio/id");
        audio =
                new Part.Audio(
                        new MediaSource.FileRef(Marks.SPEAKS, id),
                        Fields.stringOrNull(fields, "transcript", at + "/audio"),
                        null,
                        Extras.NONE);
    }

    private void calls() {
        JsonNode list = message.get("tool_calls");
        if (list != null && !list.isNull()) {
            for (JsonNode node : Fields.array(list, at + "/tool_calls")) {
                String pointer = at + "/tool_calls/" + calls.size();
                calls.add(call(Fields.object(node, pointer), pointer));
            }
        }
        JsonNode legacy = message.get("function_call");
        if (legacy != null && !legacy.isNull()) {
            String pointer = at + "/function_call";
            calls.add(
                    function(legacyCallId, Fields.object(legacy, pointer), Json.object(), pointer));
        }
    }

    private static Part call(ObjectNode call, String pointer) {
        String id = Fields.string(call.get("id"), pointer + "/id");
        ObjectNode rest = Fields.unknown(call, CALL);
        if (call.path("type").asText().equals("custom")) {
            ObjectNode custom = Fields.object(call.path("custom"), pointer + "/custom");
            ObjectNode arguments = Json.object();
            arguments.put("input", Fields.string(custom.get("input"), pointer + "/custom/input"));
            return new Part.ToolCall(
                    id,
                    Fields.string(custom.get("name"), pointer + "/custom/name"),
                    Json.text(arguments),
                    Marks.custom(),
                    null,
                    extras(rest));
        }
        String at = pointer + "/function";
        return function(id, Fields.object(call.path("function"), at), rest, at);
    }

    private static Part function(String id, ObjectNode function, ObjectNode rest, String at) {
        ObjectNode unknown = Fields.unknown(function, FUNCTION);
        if (!unknown.isEmpty()) {
            rest.set("function", unknown);
        }
        JsonNode arguments = function.get("arguments");
        String text =
                arguments == null || arguments.isNull()
                        ? ""
                        : Fields.string(arguments, at + "/arguments");
        return new Part.ToolCall(
                id,
                Fields.string(function.get("name"), at + "/name"),
                text.isEmpty() ? "{}" : text,
                null,
                null,
                extras(rest));
    }

    /**
     * {@code extra_content} is another vendor's state on its compatible surface, for itself only.
     */
    private static Extras extras(ObjectNode rest) {
        if (rest.size() == 1 && rest.has("extra_content")) {
            return new Extras(Map.of(Marks.SPEAKS, rest), true);
        }
        return Extras.of(Marks.SPEAKS, rest);
    }
}
