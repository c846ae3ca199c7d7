package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.Losses;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.wire.Extras;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One part as a content block; null where a part leaves none. */
final class PartEncoder {
    private final EncodeContext context;
    private final Losses losses;
    private final MediaEncoder media;

    PartEncoder(EncodeContext context, Losses losses) {
        this.context = context;
        this.losses = losses;
        this.media = new MediaEncoder(context, losses);
    }

    /** A part of a user or system message, or of a tool's result. */
    @Nullable ObjectNode user(Part part, String pointer) {
        return switch (part) {
            case Part.Text text -> text(text, pointer, false);
            case Part.Image image -> extended(media.image(image, pointer), part, pointer);
            case Part.Document doc -> extended(media.document(doc, pointer), part, pointer);
            case Part.Audio _ -> lost(pointer, "Anthropic takes no audio");
            case Part.Video _ -> lost(pointer, "Anthropic takes no video");
            case Part.ToolCall _ -> lost(pointer, "a tool call outside an assistant message");
            case Part.ToolResult _ -> lost(pointer, "a tool result inside another");
            case Part.Thinking _ -> lost(pointer, "thinking outside an assistant message");
            case Part.VendorItem item ->
                    item.provider().equals(Api.NAME)
                            ? item(item)
                            : lost(pointer, "an item of " + item.provider() + " only");
        };
    }

    /**
     * A part of an assistant message.
     *
     * @param alone whether it is all of the message
     */
    @Nullable ObjectNode assistant(Part part, String pointer, boolean alone) {
        return switch (part) {
            case Part.Text text -> text(text, pointer, !alone);
            case Part.ToolCall call -> toolCall(call, pointer);
            case Part.Thinking thinking -> extended(thinking(thinking), part, pointer);
            case Part.VendorItem item -> ownItem(item);
            case Part.Document doc -> extended(media.document(doc, pointer), part, pointer);
            case Part.Image _ -> lost(pointer, "Anthropic takes no images from an assistant");
            case Part.Audio audio -> audio(audio, pointer);
            case Part.Video _ -> lost(pointer, "Anthropic takes no video");
            case Part.ToolResult _ -> lost(pointer, "a tool result in an assistant message");
        };
    }

    /** What was said aloud is kept by its words. */
    private @Nullable ObjectNode audio(Part.Audio audio, String pointer) {
        if (audio.transcript() == null) {
            return lost(pointer, "Anthropic takes no audio");
        }
        return text(new Part.Text(audio.transcript()), pointer, false);
    }

    private @Nullable ObjectNode lost(String pointer, String why) {
        losses.lose(pointer, why);
        return null;
    }

    /**
     * Text; none where it is empty, which the vendor refuses.
     *
     * @param blankKept whether white space alone is kept, as between a model's own blocks
     */
    @Nullable ObjectNode text(Part.Text part, String pointer, boolean blankKept) {
        if (part.text().isEmpty() || (part.text().isBlank() && !blankKept)) {
            return null;
        }
        ObjectNode block = Json.object().put("type", "text").put("text", part.text());
        Seal seal = part.seal();
        if (seal != null && VendorState.fit(seal, context)) {
            JsonNode citations = VendorState.json(seal);
            if (citations instanceof ArrayNode list && !list.isEmpty()) {
                block.set("citations", list);
            }
        }
        return extended(block, part, pointer);
    }

    private ObjectNode toolCall(Part.ToolCall call, String pointer) {
        ObjectNode block = Json.object().put("type", "tool_use");
        block.put("id", ToolIds.fit(call.id())).put("name", call.name());
        block.set("input", input(call.arguments()));
        Seal seal = call.seal();
        if (seal != null
                && VendorState.fit(seal, context)
                && VendorState.json(seal) instanceof ObjectNode fields) {
            block.setAll(fields);
        }
        ObjectNode extended = extended(block, call, pointer);
        return extended == null ? block : extended;
    }

    /** Arguments as an object; what is none (a cut call, a bare value) is wrapped. */
    private static ObjectNode input(String arguments) {
        try {
            JsonNode value = Json.read(arguments);
            if (value instanceof ObjectNode object) {
                return object;
            }
            ObjectNode wrapped = Json.object();
            wrapped.set("_raw", value);
            return wrapped;
        } catch (MalformedJson e) {
            return Json.object().put("_raw", arguments); // What the model wrote, as it wrote it.
        }
    }

    /**
     * A tool's result.
     *
     * @param behind takes what may not stand in a failed result, where only text is allowed
     */
    ObjectNode toolResult(Part.ToolResult result, String pointer, List<ObjectNode> behind) {
        ObjectNode block = Json.object().put("type", "tool_result");
        block.put("tool_use_id", ToolIds.fit(result.toolCallId()));
        ArrayNode content = Json.nodes().arrayNode();
        for (int i = 0; i < result.content().size(); i++) {
            ObjectNode inner = user(result.content().get(i), pointer + "/content/" + i);
            if (inner == null) {
                continue;
            }
            if (result.error() && !inner.path("type").asText().equals("text")) {
                behind.add(inner);
            } else {
                content.add(inner);
            }
        }
        if (!content.isEmpty()) {
            block.set("content", content);
        }
        if (result.error()) {
            block.put("is_error", true);
        }
        ObjectNode extended = extended(block, result, pointer);
        return extended == null ? block : extended;
    }

    private @Nullable ObjectNode thinking(Part.Thinking thinking) {
        Seal seal = thinking.seal();
        if (seal == null || !VendorState.fit(seal, context)) {
            return null;
        }
        ObjectNode block = Json.object();
        if (VendorState.isRedacted(seal)) {
            return block.put("type", "redacted_thinking")
                    .put("data", VendorState.redactedData(seal));
        }
        return block.put("type", "thinking")
                .put("thinking", thinking.text())
                .put("signature", seal.data());
    }

    /** What a vendor's tool did goes back to that vendor's account, and to no other. */
    private @Nullable ObjectNode ownItem(Part.VendorItem item) {
        boolean ours =
                item.provider().equals(Api.NAME)
                        && (item.seal() == null || VendorState.fit(item.seal(), context))
                        && !item.item().path("type").asText().equals(Api.MESSAGE_FIELDS);
        return ours ? item(item) : null;
    }

    private static @Nullable ObjectNode item(Part.VendorItem item) {
        if (!(item.item() instanceof ObjectNode object)) {
            return null;
        }
        ObjectNode block = object.deepCopy();
        CacheMarks.put(block, item.cache());
        return block;
    }

    private @Nullable ObjectNode extended(@Nullable ObjectNode block, Part part, String pointer) {
        Extras extras = part.extras();
        losses.loseForeign(extras, Api.NAME, pointer);
        if (block == null) {
            return null;
        }
        ObjectNode own = extras.forVendor(Api.NAME);
        if (own != null) {
            block.setAll(own);
        }
        CacheMarks.put(block, part.cache());
        return block;
    }
}
