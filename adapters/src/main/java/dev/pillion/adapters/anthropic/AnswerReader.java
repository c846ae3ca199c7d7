package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.anthropic.AnthropicDecoder.Nonsense;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Stop;
import dev.pillion.protocol.chat.StopReason;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.protocol.wire.Json;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns the vendor's events into ours. A whole answer is read as its own stream: each block opened
 * with all its content and closed.
 */
final class AnswerReader {
    /** Fields of a message that have a place of their own, or none because they are always so. */
    private static final Set<String> KNOWN =
            Set.of(
                    "id",
                    "type",
                    "role",
                    "model",
                    "content",
                    "stop_reason",
                    "stop_sequence",
                    "stop_details",
                    "usage");

    private final AnswerCheck check;
    private final Headers reply;
    private final OpenBlock.Answer answer;
    private final UsageReader usage = new UsageReader();
    private final ObjectNode messageFields = Json.object();
    private @Nullable OpenBlock open;
    private int openIndex = -1;
    private boolean started;
    private @Nullable Stop stop;

    AnswerReader(AnswerCheck check, EncodeContext context, Headers reply) {
        this.check = check;
        this.reply = reply;
        this.answer = new OpenBlock.Answer(context.account(), context.model().id(), check);
    }

    /** Takes one event of a stream; true when it was the last. */
    boolean event(String type, JsonNode event, Consumer<ChatEvent> out) throws Nonsense {
        switch (type) {
            case "message_start" -> start(event.path("message"), out);
            case "content_block_start" -> {
                closeOpen(out);
                openIndex = index(event);
                open(event.path("content_block"), out);
            }
            case "content_block_delta" -> openBlock(event).delta(event.path("delta"), out);
            case "content_block_stop" -> {
                openBlock(event);
                closeOpen(out);
            }
            case "message_delta" -> messageDelta(event, out);
            case "message_stop" -> {
                finish(out);
                return true;
            }
            case "error" -> {
                out.accept(new ChatEvent.Failed(Faults.ofEvent(event, reply)));
                return true;
            }
            case "ping" -> out.accept(new ChatEvent.Ping());
            default -> {} // A newer event: clients are told to skip what they don't know.
        }
        return false;
    }

    /** Takes an unstreamed answer. */
    void whole(JsonNode message, Consumer<ChatEvent> out) throws Nonsense {
        if (message.path("type").asText().equals("error")) {
            out.accept(new ChatEvent.Failed(Faults.ofEvent(message, reply)));
            return;
        }
        if (!message.path("content").isArray()) {
            throw new Nonsense("the answer is no message: it has no content");
        }
        start(message, out);
        for (JsonNode block : message.path("content")) {
            open(block, out);
            closeOpen(out);
        }
        stop = stop(message);
        finish(out);
    }

    /** How far the answer came, for the fault that says it was cut. */
    String progress() {
        if (!started) {
            return "it ended before it began";
        }
        return stop == null ? "it ended without a stop reason" : "it ended without message_stop";
    }

    private void start(JsonNode message, Consumer<ChatEvent> out) throws Nonsense {
        if (started) {
            throw new Nonsense("a second message_start");
        }
        if (!message.isObject()) {
            throw new Nonsense("message_start without a message");
        }
        started = true;
        out.accept(
                new ChatEvent.Started(message.path("id").asText(), message.path("model").asText()));
        keepFields(message);
        usage(message.path("usage"), out);
    }

    private void keepFields(JsonNode message) {
        for (var entry : message.properties()) {
            if (!KNOWN.contains(entry.getKey()) && !entry.getValue().isNull()) {
                messageFields.set(entry.getKey(), entry.getValue());
            }
        }
    }

    private void usage(JsonNode node, Consumer<ChatEvent> out) {
        if (node instanceof ObjectNode seen) {
            out.accept(new ChatEvent.UsageSeen(usage.merge(seen)));
        }
    }

    private static int index(JsonNode event) throws Nonsense {
        JsonNode index = event.path("index");
        if (!index.canConvertToInt() || !index.isIntegralNumber()) {
            throw new Nonsense("a content block event without an index");
        }
        return index.intValue();
    }

    private OpenBlock openBlock(JsonNode event) throws Nonsense {
        OpenBlock block = open;
        if (block == null || index(event) != openIndex) {
            throw new Nonsense(
                    event.path("type").asText() + " for a content block that is not open");
        }
        return block;
    }

    private void open(JsonNode block, Consumer<ChatEvent> out) throws Nonsense {
        if (!started) {
            throw new Nonsense("content before message_start");
        }
        if (stop != null) {
            throw new Nonsense("content after the stop reason");
        }
        if (!(block instanceof ObjectNode object)) {
            throw new Nonsense("a content block that is no object");
        }
        OpenBlock opened = OpenBlock.of(object, answer);
        open = opened;
        opened.begin(out);
    }

    private void closeOpen(Consumer<ChatEvent> out) throws Nonsense {
        OpenBlock block = open;
        if (block != null) {
            open = null;
            block.close(out);
        }
    }

    private void messageDelta(JsonNode event, Consumer<ChatEvent> out) throws Nonsense {
        if (!started) {
            throw new Nonsense("message_delta before message_start");
        }
        JsonNode delta = event.path("delta");
        keepFields(delta);
        for (var entry : event.properties()) {
            if (!entry.getKey().equals("delta")
                    && !KNOWN.contains(entry.getKey())
                    && !entry.getValue().isNull()) {
                messageFields.set(entry.getKey(), entry.getValue());
            }
        }
        usage(event.path("usage"), out);
        Stop seen = stop(delta);
        if (seen != null) {
            closeOpen(out);
            stop = seen;
        }
    }

    /** The end that a message or its last delta tells of; null: none yet. */
    static @Nullable Stop stop(JsonNode node) {
        String reason = node.path("stop_reason").asText("");
        if (reason.isEmpty() || node.path("stop_reason").isNull()) {
            return null;
        }
        return Stops.read(
                reason,
                AnthropicDecoder.text(node.path("stop_sequence")),
                node.path("stop_details"));
    }

    private void finish(Consumer<ChatEvent> out) throws Nonsense {
        closeOpen(out);
        Stop reached = stop;
        if (!started || reached == null) {
            throw new Nonsense("the answer ended without a stop reason");
        }
        if (!messageFields.isEmpty()) {
            ObjectNode item = Json.object().put("type", Api.MESSAGE_FIELDS);
            item.setAll(messageFields);
            int index = answer.nextIndex();
            out.accept(new ChatEvent.Whole(index, new Part.VendorItem(Api.NAME, item, null, null)));
            out.accept(new ChatEvent.Sealed(index, VendorState.item(answer.account())));
        }
        String broken = isWhole(reached.reason()) ? check.broken() : null;
        out.accept(
                broken == null
                        ? new ChatEvent.Finished(reached)
                        : new ChatEvent.Failed(Fault.protocol(broken)));
    }

    /** Only an answer that was not cut, refused or paused can be held to its schema. */
    private static boolean isWhole(StopReason reason) {
        return switch (reason) {
            case END, STOP_SEQUENCE, TOOL_CALL -> true;
            case MAX_TOKENS, REFUSAL, PAUSED -> false;
        };
    }
}
