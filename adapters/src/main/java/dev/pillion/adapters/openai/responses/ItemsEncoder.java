package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.Losses;
import dev.pillion.adapters.Refusal;
import dev.pillion.adapters.openai.CallIds;
import dev.pillion.adapters.openai.JsonWord;
import dev.pillion.adapters.openai.Marks;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Message;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.wire.Json;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Renders the instructions and the conversation as the items of the input. */
final class ItemsEncoder {
    private static final String SAY_JSON = "Answer with one JSON object.";

    private final ChatRequest request;
    private final EncodeContext context;
    private final ResponsesQuirks quirks;
    private final Losses losses;
    private final ItemPartsEncoder parts;
    private final CallIds ids;

    private final Set<String> calls = new HashSet<>();

    /** Calls of tools that take free text: their results are of another type. */
    private final Set<String> customCalls = new HashSet<>();

    private final ArrayNode out = Json.nodes().arrayNode();
    private boolean sayJson;
    private boolean instructed;

    /** Whether the conversation is all here, so that every result has its call. */
    private boolean whole = true;

    ItemsEncoder(
            ChatRequest request, EncodeContext context, ResponsesQuirks quirks, Losses losses) {
        this.request = request;
        this.context = context;
        this.quirks = quirks;
        this.losses = losses;
        this.ids = CallIds.atMost(quirks.maxCallIdChars());
        this.parts = new ItemPartsEncoder(context, quirks, losses);
    }

    /** For JSON mode. */
    void sayJson() {
        sayJson = JsonWord.isMissing(request);
    }

    /** Puts the instructions beside the input rather than into it. */
    void instructionsTo(ObjectNode body) {
        instructed = true;
        whole = false;
        List<String> texts = request.system().stream().map(Part.Text::text).toList();
        if (!texts.isEmpty()) {
            body.put("instructions", String.join("\n\n", texts));
        }
    }

    ArrayNode encode() {
        if (!instructed) {
            for (int i = 0; i < request.system().size(); i++) {
                instruction(request.system().get(i), "/system/" + i);
            }
        }
        if (sayJson) {
            out.addObject().put("role", quirks.instructionRole()).put("content", SAY_JSON);
        }
        List<Message> messages = request.messages();
        for (int i = 0; i < messages.size(); i++) {
            message(messages.get(i), "/messages/" + i, i == messages.size() - 1);
        }
        return out;
    }

    private void message(Message message, String at, boolean last) {
        losses.loseForeign(message.extras(), quirks.provider(), at);
        switch (message.role()) {
            case SYSTEM -> midInstruction(message, at);
            case USER -> user(message, at);
            case ASSISTANT -> assistant(message, at, last);
            case TOOL -> results(message, at);
        }
    }

    private void midInstruction(Message message, String at) {
        if (context.model().refuses(Refusal.MID_SYSTEM)) {
            losses.lose(at, "this model takes no system message in mid conversation");
            return;
        }
        for (int i = 0; i < message.content().size(); i++) {
            String pointer = at + "/content/" + i;
            switch (message.content().get(i)) {
                case Part.Text text -> instruction(text, pointer);
                case Part.VendorItem item -> item(item, pointer);
                case Part.Image _,
                        Part.Document _,
                        Part.Audio _,
                        Part.Video _,
                        Part.ToolCall _,
                        Part.ToolResult _,
                        Part.Thinking _ ->
                        losses.lose(pointer, "an instruction that is not text");
            }
        }
    }

    /** The message's own fields and the part's travel in one set; here they part ways again. */
    private void instruction(Part.Text text, String at) {
        losses.loseForeign(text.extras(), quirks.provider(), at);
        ObjectNode message = out.addObject().put("role", quirks.instructionRole());
        ObjectNode rest = RawParts.copy(text.extras(), quirks.provider());
        JsonNode breakpoint = rest.remove(RawParts.BREAKPOINT);
        if (breakpoint == null || !quirks.contentParts()) {
            message.put("content", text.text());
        } else {
            ObjectNode part = message.putArray("content").addObject();
            part.put("type", "input_text").put("text", text.text());
            part.set(RawParts.BREAKPOINT, breakpoint);
        }
        RawParts.addTo(message, rest, text.extras(), losses, at);
    }

    /** One message, or several with a vendor's items between them. */
    private void user(Message message, String at) {
        ArrayNode content = Json.nodes().arrayNode();
        boolean any = false;
        for (int i = 0; i < message.content().size(); i++) {
            String pointer = at + "/content/" + i;
            Part part = message.content().get(i);
            if (part instanceof Part.VendorItem item) {
                any = true;
                if (!content.isEmpty()) {
                    userMessage(message, content, at);
                    content = Json.nodes().arrayNode();
                }
                item(item, pointer);
            } else {
                parts.add(part, pointer, content);
            }
        }
        if (!content.isEmpty() || !any) {
            userMessage(message, content, at);
        }
    }

    private void userMessage(Message message, ArrayNode content, String at) {
        ObjectNode target = out.addObject().put("role", "user");
        target.set("content", ItemPartsEncoder.plain(content));
        RawParts.addTo(target, message.extras(), quirks.provider(), losses, at);
    }

    private void item(Part.VendorItem item, String at) {
        whole = false; // It may stand for calls, as a reference or a compacted conversation.
        ObjectNode own = RawParts.ownItem(item, context, quirks, losses, at);
        if (own != null) {
            out.add(own);
        }
    }

    private void assistant(Message message, String at, boolean last) {
        if (last && context.model().refuses(Refusal.PREFILL)) {
            losses.lose(at, "this model takes no conversation that ends with an assistant message");
            return;
        }
        for (Part part : message.content()) {
            whole &= !(part instanceof Part.VendorItem);
            if (part instanceof Part.ToolCall call) {
                (Marks.isCustom(call) ? customCalls : calls).add(call.id());
            }
        }
        new AssistantItemsEncoder(context, quirks, ids, losses, out).encode(message, at);
    }

    private void results(Message message, String at) {
        for (int i = 0; i < message.content().size(); i++) {
            String pointer = at + "/content/" + i;
            switch (message.content().get(i)) {
                case Part.ToolResult result -> result(result, pointer);
                case Part.VendorItem item -> item(item, pointer);
                case Part.Text _,
                        Part.Image _,
                        Part.Document _,
                        Part.Audio _,
                        Part.Video _,
                        Part.ToolCall _,
                        Part.Thinking _ ->
                        losses.lose(pointer, "a tool message holds tool results only");
            }
        }
    }

    private void result(Part.ToolResult result, String at) {
        losses.loseForeign(result.extras(), quirks.provider(), at);
        boolean custom = customCalls.contains(result.toolCallId());
        if (whole && !custom && !calls.contains(result.toolCallId())) {
            losses.lose(at + "/tool_call_id", "no call before it has this id");
            return;
        }
        ObjectNode target = out.addObject();
        target.put("type", custom ? "custom_tool_call_output" : "function_call_output");
        target.put("call_id", ids.of(result.toolCallId()));
        target.set("output", parts.output(result, at));
        RawParts.addTo(target, result.extras(), quirks.provider(), losses, at);
    }
}
