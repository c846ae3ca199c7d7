package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.ErrorContext;
import dev.pillion.adapters.ReplyContext;
import dev.pillion.adapters.ReplyEncoder;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.ChatReply;
import dev.pillion.protocol.chat.Ending;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.SseWriter;
import org.jspecify.annotations.Nullable;

/**
 * Writes a streamed answer: {@code message_start} once and with the first content, so that it can
 * tell the usage known by then; the counts in {@code message_delta} are in whole, as the vendor's
 * are, and take the place of the first ones in what the SDKs accumulate.
 */
final class ReplyWriter implements ReplyEncoder {
    private final ReplyContext context;
    private final BlockTarget.Stream target = new BlockTarget.Stream();
    private final BlockWriter blocks = new BlockWriter(target);
    private String id = "";
    private @Nullable Usage usage;
    private boolean started;

    ReplyWriter(ReplyContext context) {
        this.context = context;
    }

    @Override
    public void event(ChatEvent event, ByteSink out) {
        switch (event) {
            case ChatEvent.Started first -> id = started ? id : first.id();
            case ChatEvent.UsageSeen seen -> usage = seen.usage();
            case ChatEvent.Ping _ -> keepAlive(out);
            case ChatEvent.SourceSeen _, ChatEvent.Finished _, ChatEvent.Failed _ -> {}
            case ChatEvent.TextDelta _,
                    ChatEvent.ThinkingDelta _,
                    ChatEvent.ToolCallStarted _,
                    ChatEvent.ToolCallDelta _,
                    ChatEvent.Cited _,
                    ChatEvent.Sealed _,
                    ChatEvent.Whole _ -> {
                start(out);
                target.to(out);
                blocks.event(event);
            }
        }
    }

    private void start(ByteSink out) {
        if (started) {
            return;
        }
        started = true;
        ObjectNode message = MessageParts.envelope(id, context);
        message.set("usage", usage == null ? MessageParts.noUsageYet() : MessageParts.usage(usage));
        write(out, "message_start", "message", message);
    }

    private static void write(ByteSink out, String type, String field, JsonNode value) {
        SseWriter.frame(
                out,
                type,
                json -> {
                    json.writeStartObject();
                    json.writeStringField("type", type);
                    json.writeObjectField(field, value);
                    json.writeEndObject();
                });
    }

    @Override
    public void finish(Ending ending, ByteSink out) {
        start(out);
        target.to(out);
        blocks.end();
        ObjectNode last = Json.object().put("type", "message_delta");
        ObjectNode delta = last.putObject("delta");
        MessageParts.stop(ending.stop(), delta);
        delta.putNull("container");
        for (var entry : blocks.messageFields().properties()) {
            boolean inDelta = entry.getKey().equals("container");
            (inDelta ? delta : last).set(entry.getKey(), entry.getValue());
        }
        last.set("usage", MessageParts.usageAtEnd(ending.usage()));
        SseWriter.frame(out, "message_delta", json -> json.writeTree(last));
        SseWriter.frame(out, "message_stop", "{\"type\":\"message_stop\"}");
    }

    /** Blocks that are open stay so: a cut answer must not look like a finished one. */
    @Override
    public void fail(Fault fault, ErrorContext attempts, ByteSink out) {
        ObjectNode error = ErrorBodies.node(fault, context.requestId());
        SseWriter.frame(out, "error", json -> json.writeTree(error));
    }

    @Override
    public void keepAlive(ByteSink out) {
        SseWriter.frame(out, "ping", "{\"type\":\"ping\"}");
    }

    /** The whole answer, unstreamed: what a client would fold the events to. */
    static byte[] whole(ChatReply reply, ReplyContext context) {
        var target = new BlockTarget.Whole();
        var blocks = new BlockWriter(target);
        MessageParts.events(reply, blocks::event);
        blocks.end();
        ObjectNode message = MessageParts.envelope(reply.id(), context);
        message.set("content", target.content());
        MessageParts.stop(reply.ending().stop(), message);
        message.setAll(blocks.messageFields());
        message.set("usage", MessageParts.usage(reply.ending().usage()));
        return Json.bytes(message);
    }
}
