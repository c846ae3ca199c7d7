package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.Losses;
import dev.pillion.adapters.openai.CallIds;
import dev.pillion.adapters.openai.CustomInput;
import dev.pillion.adapters.openai.Marks;
import dev.pillion.protocol.chat.Citation;
import dev.pillion.protocol.chat.Message;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.wire.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Renders one assistant message as items, in the order of its parts. Texts that follow each other
 * are one message, unless the next is sealed as the beginning of another. Thinking goes back to the
 * account and model that it came from; others' is left out in whole.
 */
final class AssistantItemsEncoder {
    private final EncodeContext context;
    private final ResponsesQuirks quirks;
    private final CallIds ids;
    private final Losses losses;
    private final ArrayNode out;
    private final List<ObjectNode> ours = new ArrayList<>();
    private @Nullable ObjectNode open;
    private @Nullable ArrayNode content;

    AssistantItemsEncoder(
            EncodeContext context,
            ResponsesQuirks quirks,
            CallIds ids,
            Losses losses,
            ArrayNode out) {
        this.context = context;
        this.quirks = quirks;
        this.ids = ids;
        this.losses = losses;
        this.out = out;
    }

    void encode(Message message, String at) {
        int before = out.size();
        List<Part> parts = message.content();
        for (int i = 0; i < parts.size(); i++) {
            String pointer = at + "/content/" + i;
            losses.loseForeign(parts.get(i).extras(), quirks.provider(), pointer);
            part(parts.get(i), pointer, parts.size() == 1);
        }
        close();
        pairThinking(before);
        if (parts.isEmpty()) {
            out.addObject().put("role", "assistant").put("content", "");
        }
        if (out.size() > before && out.get(before) instanceof ObjectNode first) {
            ObjectNode raw = RawParts.copy(message.extras(), quirks.provider());
            raw.remove("annotations"); // Of Chat Completions: the texts' citations say them.
            RawParts.addTo(first, raw, message.extras(), losses, at);
        }
    }

    /**
     * An item of thinking that has its id must be followed by the item that it led to, told by its
     * id where that is a message (seen in recordings). Where a client lost that, thinking goes
     * without its id; where the answer was cut behind it, not at all.
     */
    private void pairThinking(int from) {
        for (int i = out.size() - 1; i >= from && !quirks.callItemIds(); i--) {
            if (!(out.get(i) instanceof ObjectNode item) || !ours.contains(item)) {
                continue;
            }
            JsonNode next = out.path(i + 1);
            if (next.isMissingNode()) {
                out.remove(i);
            } else if (next.has("role") && !next.has("id")) {
                item.remove("id");
            }
        }
    }

    private void part(Part part, String at, boolean alone) {
        switch (part) {
            case Part.Text text -> text(text, at, alone);
            case Part.ToolCall call -> call(call, at);
            case Part.Thinking thinking -> thinking(thinking);
            case Part.VendorItem item -> {
                // What another vendor's tools did stays with it; the words that came of it go on.
                boolean own = RawParts.isOwn(item, context, quirks);
                ObjectNode object =
                        own ? RawParts.ownItem(item, context, quirks, losses, at) : null;
                if (object != null) {
                    add(object);
                }
            }
            case Part.Audio audio -> {
                // What was said aloud is kept by its words.
                if (audio.transcript() == null) {
                    losses.lose(at, "sound that another vendor spoke");
                } else {
                    text(new Part.Text(audio.transcript()), at, alone);
                }
            }
            case Part.Image _, Part.Document _, Part.Video _, Part.ToolResult _ ->
                    losses.lose(at, "an assistant message of Responses can't hold this part");
        }
    }

    private void add(ObjectNode item) {
        close();
        out.add(item);
    }

    private void text(Part.Text text, String at, boolean alone) {
        if (text.text().isEmpty() && !alone) {
            return; // An empty place that holds another vendor's state.
        }
        ObjectNode fields = fields(text.seal());
        if (open == null || fields != null) {
            close();
            open = Json.object().put("type", "message").put("role", "assistant");
            content = open.arrayNode();
            if (fields != null) {
                open.setAll(fields);
            }
        }
        ObjectNode target = content == null ? Json.object() : content.addObject();
        if (Marks.isRefusal(text)) {
            target.put("type", "refusal").put("refusal", text.text());
        } else {
            target.put("type", "output_text").put("text", text.text());
            annotations(text, target);
        }
        RawParts.addTo(target, text.extras(), quirks.provider(), losses, at);
    }

    private static void annotations(Part.Text text, ObjectNode target) {
        ArrayNode list = target.arrayNode();
        for (Citation citation : text.citations()) {
            if (citation.url() != null) {
                list.addObject()
                        .put("type", "url_citation")
                        .put("start_index", citation.start())
                        .put("end_index", citation.end())
                        .put("url", citation.url())
                        .put("title", citation.title() == null ? "" : citation.title());
            }
        }
        if (!list.isEmpty()) {
            target.set("annotations", list);
        }
    }

    private void close() {
        if (open == null || content == null) {
            return;
        }
        boolean plain = content.size() == 1 && content.get(0).size() == 2;
        if (!quirks.contentParts()) {
            var text = new StringBuilder();
            content.forEach(part -> text.append(part.path("text").asText("")));
            content.forEach(part -> text.append(part.path("refusal").asText("")));
            open.remove("type");
            open.put("content", text.toString());
        } else if (plain && open.size() == 2 && content.get(0).has("text")) {
            open.remove("type");
            open.set("content", content.get(0).get("text"));
        } else {
            open.set("content", content);
        }
        out.add(open);
        open = null;
        content = null;
    }

    private void call(Part.ToolCall call, String at) {
        ObjectNode target = Json.object();
        ObjectNode fields = fields(call.seal());
        boolean custom = Marks.isCustom(call) && quirks.customTools();
        target.put("type", custom ? "custom_tool_call" : "function_call");
        if (quirks.callItemIds()) {
            target.put("id", "fc_" + ids.of(call.id()));
        }
        target.put("call_id", ids.of(call.id())).put("name", call.name());
        if (custom) {
            target.put("input", CustomInput.of(call.arguments()));
        } else {
            target.put("arguments", call.arguments());
        }
        if (quirks.callItemIds()) {
            target.put("status", "completed");
        }
        if (fields != null) {
            target.setAll(fields);
        }
        RawParts.addTo(target, call.extras(), quirks.provider(), losses, at);
        add(target);
    }

    /** Fields of the vendor's own item, where they may go back; null without any. */
    private @Nullable ObjectNode fields(@Nullable Seal seal) {
        return RawParts.fits(seal, context, quirks) ? RawParts.json(seal) : null;
    }

    private void thinking(Part.Thinking thinking) {
        Seal seal = thinking.seal();
        if (seal == null || !RawParts.fits(seal, context, quirks)) {
            return;
        }
        ObjectNode item = RawParts.json(seal);
        if (item == null) {
            return;
        }
        if (seal.account() == null) {
            add(item); // A client's own, whose conversation the vendor may have stored.
        } else if (item.hasNonNull("encrypted_content")) {
            // Ours are not stored: without its state such an item can't be found there.
            add(item);
            ours.add(item);
        }
    }
}
