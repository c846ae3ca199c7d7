package dev.pillion.adapters.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.Losses;
import dev.pillion.adapters.Refusal;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Message;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Role;
import dev.pillion.protocol.wire.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Renders the instructions and the conversation. */
final class MessagesEncoder {
    private static final String SAY_JSON = "Answer with one JSON object.";

    private final ChatRequest request;
    private final EncodeContext context;
    private final Losses losses;
    private final PartsEncoder parts;
    private final CallIds ids;
    private final boolean pairedResults;
    private final Set<String> calls = new HashSet<>();
    private final ArrayNode out = Json.nodes().arrayNode();

    /** What belongs to tool results and can't stand in them: sent once all results are there. */
    private final List<ObjectNode> attachments = new ArrayList<>();

    private boolean sayJson;

    MessagesEncoder(ChatRequest request, EncodeContext context, Quirks quirks, Losses losses) {
        this.request = request;
        this.context = context;
        this.losses = losses;
        this.ids = quirks.callIds();
        this.pairedResults = quirks.pairedResults();
        this.parts = new PartsEncoder(context, quirks, losses);
    }

    /** For JSON mode. */
    void sayJson() {
        sayJson = JsonWord.isMissing(request);
    }

    ArrayNode encode() {
        for (int i = 0; i < request.system().size(); i++) {
            instruction(request.system().get(i), "/system/" + i);
        }
        if (sayJson) {
            out.addObject().put("role", "system").put("content", SAY_JSON);
        }
        List<Message> messages = request.messages();
        for (int i = 0; i < messages.size(); i++) {
            message(messages.get(i), "/messages/" + i, i == messages.size() - 1);
        }
        flush();
        return out;
    }

    private void message(Message message, String at, boolean last) {
        losses.loseForeign(message.extras(), Marks.SPEAKS, at);
        if (message.role() != Role.TOOL) {
            flush();
        }
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
            if (message.content().get(i) instanceof Part.Text text) {
                instruction(text, at + "/content/" + i);
            } else {
                losses.lose(at + "/content/" + i, "an instruction that is not text");
            }
        }
    }

    /** The message's own fields and the part's travel in one set; here they part ways again. */
    private void instruction(Part.Text text, String at) {
        losses.loseForeign(text.extras(), Marks.SPEAKS, at);
        ObjectNode message = out.addObject();
        message.put("role", "system");
        ObjectNode raw = text.extras().forVendor(Marks.SPEAKS);
        ObjectNode ofPart = Json.object();
        if (raw != null) {
            for (Map.Entry<String, JsonNode> field : raw.properties()) {
                boolean caching =
                        field.getKey().equals("prompt_cache_breakpoint")
                                || field.getKey().equals("cache_control");
                (caching ? ofPart : message).set(field.getKey(), field.getValue());
            }
        }
        if (ofPart.isEmpty()) {
            message.put("content", text.text());
        } else {
            ObjectNode part = message.putArray("content").addObject();
            part.put("type", "text").put("text", text.text());
            part.setAll(ofPart);
        }
    }

    private void user(Message message, String at) {
        ObjectNode target = out.addObject();
        target.put("role", "user");
        target.set("content", parts.content(parts.user(message.content(), at), true));
        Merge.into(target, message.extras());
    }

    private void assistant(Message message, String at, boolean last) {
        if (last && context.model().refuses(Refusal.PREFILL)) {
            losses.lose(at, "this model takes no conversation that ends with an assistant message");
            return;
        }
        for (Part part : message.content()) {
            if (part instanceof Part.ToolCall call) {
                calls.add(call.id());
            }
        }
        out.add(new AssistantEncoder(context, ids, losses).encode(message, at));
    }

    private void results(Message message, String at) {
        for (int i = 0; i < message.content().size(); i++) {
            String pointer = at + "/content/" + i;
            if (message.content().get(i) instanceof Part.ToolResult result) {
                result(result, pointer);
            } else {
                losses.lose(pointer, "a tool message holds tool results only");
            }
        }
    }

    private void result(Part.ToolResult result, String at) {
        if (pairedResults && !calls.contains(result.toolCallId())) {
            losses.lose(at + "/tool_call_id", "no call before it has this id");
            return;
        }
        losses.loseForeign(result.extras(), Marks.SPEAKS, at);
        ObjectNode target = out.addObject();
        target.put("role", "tool");
        target.put("tool_call_id", ids.of(result.toolCallId()));
        List<Part> attached = new ArrayList<>();
        target.set("content", parts.result(result, at, attached));
        Merge.into(target, result.extras());
        if (!attached.isEmpty()) {
            attachments.add(attachment(result, attached, at));
        }
    }

    /** Tool messages are text only: the rest follows as the user's, and says what it belongs to. */
    private ObjectNode attachment(Part.ToolResult result, List<Part> attached, String at) {
        String id = ids.of(result.toolCallId());
        ObjectNode target = Json.object();
        target.put("role", "user");
        ArrayNode content = target.putArray("content");
        content.addObject()
                .put("type", "text")
                .put("text", "Attached to the result of tool call " + id + ":");
        content.addAll(parts.user(attached, at));
        return target;
    }

    private void flush() {
        attachments.forEach(out::add);
        attachments.clear();
    }
}
