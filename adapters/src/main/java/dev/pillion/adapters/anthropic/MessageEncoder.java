package dev.pillion.adapters.anthropic;

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
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns of a conversation. Messages of one role in a row become one turn, tool results first in
 * theirs; where a Messages client kept them apart, they stay so. An instruction in mid conversation
 * goes after the user turn it stands in or follows, or, where the model has no such role, into it
 * as labelled text.
 */
final class MessageEncoder {
    private static final String USER = "user";
    private static final String ASSISTANT = "assistant";

    private final ChatRequest request;
    private final EncodeContext context;
    private final Losses losses;
    private final PartEncoder parts;
    private final Set<Integer> withoutThinking;
    private final ArrayNode turns = Json.nodes().arrayNode();
    private final List<ObjectNode> pendingSystem = new ArrayList<>();

    /** The turn that still grows; null before the first. */
    private @Nullable Turn turn;

    private static final class Turn {
        final String role;
        final ObjectNode fields = Json.object();
        final List<ObjectNode> results = new ArrayList<>();
        final List<ObjectNode> blocks = new ArrayList<>();

        Turn(String role) {
            this.role = role;
        }

        ObjectNode node() {
            ObjectNode node = Json.object().put("role", role);
            node.putArray("content").addAll(results).addAll(blocks);
            node.setAll(fields);
            return node;
        }
    }

    MessageEncoder(ChatRequest request, EncodeContext context, Losses losses) {
        this.request = request;
        this.context = context;
        this.losses = losses;
        this.parts = new PartEncoder(context, losses);
        this.withoutThinking = ThinkingRuns.broken(request.messages(), context);
    }

    ArrayNode encode() {
        List<Message> messages = request.messages();
        for (int i = RequestEncoder.leadingSystem(messages); i < messages.size(); i++) {
            message(messages.get(i), i);
        }
        checkPrefill();
        close();
        lastSystem();
        if (turns.isEmpty()) {
            throw Fault.invalid("/messages: nothing in them (expected: content)", "/messages")
                    .asException();
        }
        return turns;
    }

    /** Whether this is an instruction of plain text, which at the head belongs to the top level. */
    static boolean isPlainSystem(Message message) {
        return message.role() == Role.SYSTEM
                && message.extras().isEmpty()
                && message.content().stream().allMatch(Part.Text.class::isInstance);
    }

    private void message(Message message, int at) {
        String pointer = "/messages/" + at;
        losses.loseForeign(message.extras(), Api.NAME, pointer);
        switch (message.role()) {
            case SYSTEM -> system(message, pointer);
            case USER, TOOL -> user(message, pointer);
            case ASSISTANT -> assistant(message, at, pointer);
        }
    }

    private void user(Message message, String pointer) {
        List<ObjectNode> results = new ArrayList<>();
        List<ObjectNode> blocks = new ArrayList<>();
        for (int i = 0; i < message.content().size(); i++) {
            String at = pointer + "/content/" + i;
            if (message.content().get(i) instanceof Part.ToolResult result) {
                results.add(parts.toolResult(result, at, blocks));
            } else {
                add(parts.user(message.content().get(i), at), blocks);
            }
        }
        append(USER, message, results, blocks);
    }

    private void assistant(Message message, int at, String pointer) {
        List<ObjectNode> blocks = new ArrayList<>();
        boolean alone = message.content().size() == 1;
        for (int i = 0; i < message.content().size(); i++) {
            Part part = message.content().get(i);
            if (!(part instanceof Part.Thinking) || !withoutThinking.contains(at)) {
                add(parts.assistant(part, pointer + "/content/" + i, alone), blocks);
            }
        }
        append(ASSISTANT, message, List.of(), blocks);
    }

    private static void add(@Nullable ObjectNode block, List<ObjectNode> blocks) {
        if (block != null) {
            blocks.add(block);
        }
    }

    private void append(
            String role, Message message, List<ObjectNode> results, List<ObjectNode> blocks) {
        if (results.isEmpty() && blocks.isEmpty()) {
            return;
        }
        Turn open = turn;
        ObjectNode own = message.extras().forVendor(Api.NAME);
        boolean apart = own != null && own.has(MessageDecoder.APART);
        if (open == null || apart || !open.role.equals(role)) {
            close();
            if (role.equals(ASSISTANT)) {
                turns.addAll(pendingSystem);
                pendingSystem.clear();
            }
            if (turns.isEmpty() && role.equals(ASSISTANT) && refusesToBegin(message)) {
                turns.add(opening());
            }
            open = new Turn(role);
            turn = open;
        }
        open.results.addAll(results);
        open.blocks.addAll(blocks);
        if (own != null) {
            open.fields.setAll(own);
            open.fields.remove(MessageDecoder.APART);
        }
    }

    /** The vendor's conversations begin with the user; where ours does not, with a bare turn. */
    private static ObjectNode opening() {
        ObjectNode node = Json.object().put("role", USER);
        node.putArray("content").addObject().put("type", "text").put("text", "(start)");
        return node;
    }

    /** A compacted conversation begins with its summary, wherever that is taken. */
    private boolean refusesToBegin(Message message) {
        return context.model().refuses(Refusal.ASSISTANT_FIRST)
                && !(message.content().getFirst() instanceof Part.VendorItem);
    }

    private void close() {
        if (turn != null) {
            turns.add(turn.node());
            turn = null;
        }
    }

    /** An instruction may end the conversation after a user turn; after an answer it is one. */
    private void lastSystem() {
        boolean answered =
                !turns.isEmpty()
                        && turns.path(turns.size() - 1).path("role").asText().equals(ASSISTANT);
        if (pendingSystem.isEmpty() || !answered) {
            turns.addAll(pendingSystem);
            return;
        }
        var last = new Turn(USER);
        for (ObjectNode system : pendingSystem) {
            for (JsonNode block : system.path("content")) {
                ObjectNode labelled = block.deepCopy();
                last.blocks.add(labelled.put("text", label(block.path("text").asText())));
            }
        }
        turns.add(last.node());
    }

    private static String label(String instruction) {
        return "<system_message>\n" + instruction + "\n</system_message>";
    }

    private void system(Message message, String pointer) {
        if (context.model().refuses(Refusal.MID_SYSTEM)) {
            wrapped(message, pointer);
            return;
        }
        List<ObjectNode> blocks = new ArrayList<>();
        for (int i = 0; i < message.content().size(); i++) {
            add(parts.user(message.content().get(i), pointer + "/content/" + i), blocks);
        }
        ObjectNode own = message.extras().forVendor(Api.NAME);
        if (blocks.isEmpty() && own == null) {
            return;
        }
        ObjectNode node = Json.object().put("role", "system");
        node.putArray("content").addAll(blocks);
        if (own != null) {
            node.setAll(own);
        }
        pendingSystem.add(node);
    }

    private void wrapped(Message message, String pointer) {
        List<ObjectNode> blocks = new ArrayList<>();
        for (int i = 0; i < message.content().size(); i++) {
            String at = pointer + "/content/" + i;
            if (message.content().get(i) instanceof Part.Text text && !text.text().isBlank()) {
                ObjectNode block = Json.object().put("type", "text");
                block.put("text", label(text.text()));
                CacheMarks.put(block, text.cache());
                blocks.add(block);
            } else if (!(message.content().get(i) instanceof Part.Text)) {
                losses.lose(at, context.model().id() + " has no system role in mid conversation");
            }
        }
        append(USER, new Message(Role.USER, message.content()), List.of(), blocks);
    }

    /** A paused turn of the vendor's own tools goes back as it is: that is no prefill. */
    private void checkPrefill() {
        Turn open = turn;
        if (open == null
                || !open.role.equals(ASSISTANT)
                || !pendingSystem.isEmpty()
                || !context.model().refuses(Refusal.PREFILL)) {
            return;
        }
        String last = open.blocks.getLast().path("type").asText();
        if (last.equals("text") || last.equals("thinking")) {
            losses.lose(
                    "/messages/" + (request.messages().size() - 1),
                    context.model().id() + " does not continue an assistant message");
            turn = null;
        }
    }
}
