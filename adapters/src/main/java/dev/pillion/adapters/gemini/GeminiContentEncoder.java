package dev.pillion.adapters.gemini;

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
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Contents of a conversation. Messages of one role in a row become one content; in a user's,
 * function responses come first, all of one turn together and in the order of their calls. There is
 * no instruction in mid conversation: it goes as labelled text into the user content it stands in
 * or follows.
 */
final class GeminiContentEncoder {
    private static final String USER = "user";
    private static final String MODEL = "model";

    /** The vendor wants the user to begin. */
    private static final String OPENING = "(The assistant speaks first.)";

    private final ChatRequest request;
    private final EncodeContext context;
    private final Losses losses;
    private final GeminiPartEncoder parts;
    private final Map<String, Called> calls = new HashMap<>();
    private final ArrayNode contents = Json.nodes().arrayNode();

    /** The content that still grows; null before the first. */
    private @Nullable Turn turn;

    /** A call that went before, and how many did before it. */
    private record Called(String name, int order) {}

    private record Response(int order, ObjectNode part) {}

    private static final class Turn {
        final String role;
        final ObjectNode fields = Json.object();
        final List<Response> responses = new ArrayList<>();
        final List<ObjectNode> parts = new ArrayList<>();

        Turn(String role) {
            this.role = role;
        }

        ObjectNode node() {
            ObjectNode node = Json.object().put("role", role);
            ArrayNode list = node.putArray("parts");
            responses.sort(Comparator.comparingInt(Response::order));
            responses.forEach(response -> list.add(response.part()));
            parts.forEach(list::add);
            if (list.isEmpty()) {
                list.addObject().put("text", ""); // Taken; a content without parts is not.
            }
            node.setAll(fields);
            return node;
        }
    }

    GeminiContentEncoder(ChatRequest request, EncodeContext context, Losses losses) {
        this.request = request;
        this.context = context;
        this.losses = losses;
        this.parts = new GeminiPartEncoder(context, losses);
    }

    void addTo(ObjectNode body) {
        List<Message> messages = request.messages();
        String token = continuation(messages);
        int end = token == null ? messages.size() : messages.size() - 1;
        for (int i = leadingSystem(messages); i < end; i++) {
            message(messages.get(i), "/messages/" + i);
        }
        checkPrefill();
        close();
        if (contents.isEmpty()) {
            throw Fault.invalid("/messages: nothing in them (expected: content)", "/messages")
                    .asException();
        }
        if (contents.path(0).path("role").asText().equals(MODEL)) {
            ObjectNode opening = Json.object().put("role", USER);
            opening.putArray("parts").addObject().put("text", OPENING);
            contents.insert(0, opening);
        }
        body.set("contents", contents);
        if (token != null) {
            body.put(GeminiApi.CONTINUATION_TOKEN, token);
        }
    }

    /** How many messages at the head are plain instructions: they belong to the top level. */
    static int leadingSystem(List<Message> messages) {
        int count = 0;
        while (count < messages.size() && isPlainSystem(messages.get(count))) {
            count++;
        }
        return count;
    }

    private static boolean isPlainSystem(Message message) {
        return message.role() == Role.SYSTEM
                && message.extras().isEmpty()
                && message.content().stream().allMatch(Part.Text.class::isInstance);
    }

    /**
     * The token of an answer that the vendor paused: it goes on when the request before it comes
     * again with the token, and without what was said so far.
     */
    private @Nullable String continuation(List<Message> messages) {
        if (messages.isEmpty() || messages.getLast().role() != Role.ASSISTANT) {
            return null;
        }
        for (Part part : messages.getLast().content()) {
            if (part instanceof Part.VendorItem item && parts.isOurs(item)) {
                JsonNode token = item.item().path(GeminiApi.CONTINUATION_TOKEN);
                if (token.isTextual()) {
                    return token.textValue();
                }
            }
        }
        return null;
    }

    private void message(Message message, String pointer) {
        losses.loseForeign(message.extras(), GeminiApi.NAME, pointer);
        switch (message.role()) {
            case SYSTEM -> system(message, pointer);
            case USER, TOOL -> user(message, pointer);
            case ASSISTANT -> assistant(message, pointer);
        }
    }

    private void system(Message message, String pointer) {
        List<ObjectNode> wrapped = new ArrayList<>();
        for (int i = 0; i < message.content().size(); i++) {
            if (message.content().get(i) instanceof Part.Text text) {
                if (!text.text().isBlank()) {
                    String label = "<system_message>\n" + text.text() + "\n</system_message>";
                    wrapped.add(Json.object().put("text", label));
                }
            } else {
                losses.lose(
                        pointer + "/content/" + i,
                        "Gemini has no system role in mid conversation, and this is no text");
            }
        }
        if (!wrapped.isEmpty()) {
            append(USER, message, List.of(), wrapped);
        }
    }

    private void user(Message message, String pointer) {
        List<Response> responses = new ArrayList<>();
        List<ObjectNode> others = new ArrayList<>();
        for (int i = 0; i < message.content().size(); i++) {
            String at = pointer + "/content/" + i;
            Part part = message.content().get(i);
            if (part instanceof Part.ToolResult result) {
                responses.add(response(result, at, others));
                continue;
            }
            String caption = GeminiPartEncoder.caption(part);
            if (caption != null) {
                others.add(Json.object().put("text", caption));
            }
            add(parts.user(part, at), others);
        }
        boolean said = !responses.isEmpty() || !others.isEmpty();
        if (!said && message.content().stream().anyMatch(Part.Text.class::isInstance)) {
            // An empty text is taken where it is all that is said; a turn can't just be missing.
            others.add(Json.object().put("text", ""));
        }
        append(USER, message, responses, others);
    }

    private Response response(Part.ToolResult result, String at, List<ObjectNode> behind) {
        Called called = calls.get(result.toolCallId());
        ObjectNode own = result.extras().forVendor(GeminiApi.NAME);
        if (called == null && own != null && own.path("name").isTextual()) {
            called = new Called(own.path("name").textValue(), Integer.MAX_VALUE);
        }
        if (called == null) {
            throw Fault.invalid(
                            at
                                    + "/tool_call_id: no tool call has this id (expected: that of"
                                    + " a call in an earlier message)",
                            at + "/tool_call_id")
                    .asException();
        }
        return new Response(called.order(), parts.response(result, called.name(), at, behind));
    }

    private void assistant(Message message, String pointer) {
        List<ObjectNode> rendered = new ArrayList<>();
        boolean first = turn == null || !turn.role.equals(MODEL) || !hasCall(turn.parts);
        for (int i = 0; i < message.content().size(); i++) {
            Part part = message.content().get(i);
            add(parts.assistant(part, pointer + "/content/" + i, first), rendered);
            if (part instanceof Part.ToolCall call) {
                calls.put(call.id(), new Called(call.name(), calls.size()));
                first = false;
            }
        }
        append(MODEL, message, List.of(), rendered);
    }

    private static boolean hasCall(List<ObjectNode> parts) {
        return parts.stream().anyMatch(part -> part.has("functionCall"));
    }

    private static void add(@Nullable ObjectNode part, List<ObjectNode> into) {
        if (part != null) {
            into.add(part);
        }
    }

    private void append(
            String role, Message message, List<Response> responses, List<ObjectNode> others) {
        Turn open = turn;
        if (open == null || !open.role.equals(role)) {
            close();
            open = new Turn(role);
            turn = open;
        }
        open.responses.addAll(responses);
        open.parts.addAll(others);
        ObjectNode own = message.extras().forVendor(GeminiApi.NAME);
        if (own != null) {
            open.fields.setAll(own);
        }
    }

    private void close() {
        if (turn != null) {
            contents.add(turn.node());
            turn = null;
        }
    }

    private void checkPrefill() {
        if (turn == null || !turn.role.equals(MODEL) || !context.model().refuses(Refusal.PREFILL)) {
            return;
        }
        losses.lose(
                "/messages/" + (request.messages().size() - 1),
                context.model().id() + " does not continue an assistant message");
        turn = null;
    }
}
