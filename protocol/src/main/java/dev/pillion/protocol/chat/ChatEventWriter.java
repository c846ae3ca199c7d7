package dev.pillion.protocol.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.SseWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a streamed answer in the uniform form: {@code event: NAME}, {@code data: {"type":NAME,…}}.
 */
public final class ChatEventWriter {
    private ChatEventWriter() {}

    /** One event; usage, sources and the end are told by {@link #done}. */
    public static void event(ByteSink out, String requestId, ChatEvent event) {
        switch (event) {
            case ChatEvent.Started _ -> start(out, requestId);
            case ChatEvent.TextDelta text -> delta(out, "text", text.index(), text.delta());
            case ChatEvent.ThinkingDelta thinking ->
                    delta(out, "thinking", thinking.index(), thinking.delta());
            case ChatEvent.ToolCallStarted call -> toolCall(out, call);
            case ChatEvent.ToolCallDelta call -> arguments(out, call);
            case ChatEvent.Cited cited -> citation(out, cited);
            case ChatEvent.Sealed sealed -> seal(out, sealed);
            case ChatEvent.Whole whole -> whole(out, whole);
            case ChatEvent.Ping _ -> ping(out);
            case ChatEvent.SourceSeen _,
                    ChatEvent.UsageSeen _,
                    ChatEvent.Finished _,
                    ChatEvent.Failed _ -> {}
        }
    }

    /** The first event. */
    public static void start(ByteSink out, String requestId) {
        SseWriter.frame(
                out,
                "start",
                json -> {
                    json.writeStartObject();
                    json.writeStringField("type", "start");
                    json.writeStringField("id", requestId);
                    json.writeEndObject();
                });
    }

    /** A sign of life. */
    public static void ping(ByteSink out) {
        SseWriter.frame(out, "ping", "{\"type\":\"ping\"}");
    }

    private static void delta(ByteSink out, String type, int index, String delta) {
        SseWriter.frame(
                out,
                type,
                json -> {
                    json.writeStartObject();
                    json.writeStringField("type", type);
                    json.writeNumberField("index", index);
                    json.writeStringField("delta", delta);
                    json.writeEndObject();
                });
    }

    private static void toolCall(ByteSink out, ChatEvent.ToolCallStarted call) {
        SseWriter.frame(
                out,
                "tool_call",
                json -> {
                    json.writeStartObject();
                    json.writeStringField("type", "tool_call");
                    json.writeNumberField("index", call.index());
                    json.writeStringField("id", call.id());
                    json.writeStringField("name", call.name());
                    json.writeEndObject();
                });
    }

    private static void arguments(ByteSink out, ChatEvent.ToolCallDelta call) {
        SseWriter.frame(
                out,
                "tool_call",
                json -> {
                    json.writeStartObject();
                    json.writeStringField("type", "tool_call");
                    json.writeNumberField("index", call.index());
                    json.writeStringField("arguments_delta", call.argumentsDelta());
                    json.writeEndObject();
                });
    }

    private static void citation(ByteSink out, ChatEvent.Cited cited) {
        SseWriter.frame(
                out,
                "citation",
                json -> {
                    json.writeStartObject();
                    json.writeStringField("type", "citation");
                    json.writeNumberField("index", cited.index());
                    ChatWriter.citation(json, cited.citation());
                    json.writeEndObject();
                });
    }

    private static void seal(ByteSink out, ChatEvent.Sealed sealed) {
        SseWriter.frame(
                out,
                "seal",
                json -> {
                    json.writeStartObject();
                    json.writeStringField("type", "seal");
                    json.writeNumberField("index", sealed.index());
                    json.writeStringField("seal", Seals.write(sealed.seal()));
                    json.writeEndObject();
                });
    }

    /** A vendor's item under its own name, any other part as {@code part}. */
    private static void whole(ByteSink out, ChatEvent.Whole whole) {
        boolean item = whole.part() instanceof Part.VendorItem;
        String type = item ? "vendor_item" : "part";
        SseWriter.frame(
                out,
                type,
                json -> {
                    json.writeStartObject();
                    json.writeStringField("type", type);
                    json.writeNumberField("index", whole.index());
                    if (whole.part() instanceof Part.VendorItem vendor) {
                        json.writeStringField("provider", vendor.provider());
                        json.writeFieldName("item");
                        json.writeTree(vendor.item());
                        if (vendor.seal() != null) {
                            json.writeStringField("seal", Seals.write(vendor.seal()));
                        }
                    } else {
                        json.writeFieldName("part");
                        ChatWriter.part(json, whole.part());
                    }
                    json.writeEndObject();
                });
    }

    /** The one good end. */
    public static void done(ByteSink out, Ending ending) {
        SseWriter.frame(
                out,
                "done",
                json -> {
                    json.writeStartObject();
                    json.writeStringField("type", "done");
                    ChatWriter.ending(json, ending);
                    json.writeEndObject();
                });
    }

    /** The one bad end. */
    public static void error(
            ByteSink out,
            Fault fault,
            String requestId,
            @Nullable String provider,
            List<RouteReport.AttemptReport> attempts,
            @Nullable JsonNode explanation) {
        SseWriter.frame(
                out,
                "error",
                json -> {
                    json.writeStartObject();
                    json.writeStringField("type", "error");
                    ChatWriter.error(json, fault, requestId, provider, attempts, explanation);
                    json.writeEndObject();
                });
    }
}
