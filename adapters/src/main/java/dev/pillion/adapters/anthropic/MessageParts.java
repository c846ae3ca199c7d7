package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.ReplyContext;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.ChatReply;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.chat.Stop;
import dev.pillion.protocol.chat.StopReason;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.wire.Json;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What streamed and whole answers of this surface have in common: envelope, usage, stop. */
final class MessageParts {
    private static final Set<String> TIERS = Set.of("standard", "priority", "batch");
    private static final Set<String> REFUSALS =
            Set.of("cyber", "bio", "frontier_llm", "reasoning_extraction", "general_harms");

    private MessageParts() {}

    /** The message without content and end. All fields are there, since typed SDKs demand them. */
    static ObjectNode envelope(String vendorId, ReplyContext context) {
        ObjectNode message = Json.object();
        message.put("id", id(vendorId, context.requestId()));
        message.put("type", "message").put("role", "assistant").put("model", context.model());
        message.putArray("content");
        message.putNull("stop_reason").putNull("stop_sequence").putNull("stop_details");
        message.putNull("container").putNull("diagnostics");
        return message;
    }

    private static String id(String vendorId, String requestId) {
        return vendorId.startsWith("msg_") ? vendorId : "msg_" + requestId;
    }

    static ObjectNode usage(Usage usage) {
        long cached = usage.cachedInputTokens() + usage.cacheWriteTokens();
        ObjectNode node = Json.object();
        node.put("input_tokens", Math.max(0, usage.inputTokens() - cached));
        node.put("cache_creation_input_tokens", usage.cacheWriteTokens());
        node.put("cache_read_input_tokens", usage.cachedInputTokens());
        node.putObject("cache_creation")
                .put("ephemeral_5m_input_tokens", usage.cacheWrite5mTokens())
                .put("ephemeral_1h_input_tokens", usage.cacheWrite1hTokens());
        node.put("output_tokens", usage.outputTokens());
        if (usage.thinkingTokens() > 0) {
            node.putObject("output_tokens_details").put("thinking_tokens", usage.thinkingTokens());
        } else {
            node.putNull("output_tokens_details");
        }
        if (usage.webSearches() > 0) {
            node.putObject("server_tool_use")
                    .put("web_search_requests", usage.webSearches())
                    .put("web_fetch_requests", 0);
        } else {
            node.putNull("server_tool_use");
        }
        node.put("service_tier", tier(usage.serviceTier()));
        node.putNull("speed").putNull("inference_geo");
        return node;
    }

    /**
     * The usage of an answer that begins, at a vendor that tells none before the end. The tier and
     * the parts of what was cached are told at the start alone, so that they stay unknown then.
     */
    static ObjectNode noUsageYet() {
        ObjectNode node = Json.object().put("input_tokens", 0);
        node.putNull("cache_creation_input_tokens").putNull("cache_read_input_tokens");
        node.putNull("cache_creation").put("output_tokens", 0);
        node.putNull("output_tokens_details").putNull("server_tool_use");
        return node.putNull("service_tier").putNull("speed").putNull("inference_geo");
    }

    /** The usage in a stream's {@code message_delta}: counts alone. */
    static ObjectNode usageAtEnd(Usage usage) {
        ObjectNode node = usage(usage);
        node.remove("service_tier");
        node.remove("speed");
        node.remove("inference_geo");
        return node;
    }

    /** The tier in this vendor's words; the common one has another name elsewhere. */
    private static @Nullable String tier(@Nullable String tier) {
        if ("default".equals(tier)) {
            return "standard";
        }
        return tier != null && TIERS.contains(tier) ? tier : null;
    }

    /** How the answer ended, into a message or its last delta. */
    static void stop(Stop stop, ObjectNode into) {
        into.put("stop_reason", Stops.write(stop));
        into.put("stop_sequence", stop.sequence());
        if (stop.reason() == StopReason.REFUSAL) {
            String detail = stop.detail();
            ObjectNode details = into.putObject("stop_details").put("type", "refusal");
            details.put("category", detail != null && REFUSALS.contains(detail) ? detail : null);
            details.putNull("explanation");
        } else {
            into.putNull("stop_details");
        }
    }

    /** The events that a part of a whole answer would have come as. */
    static void events(ChatReply reply, Consumer<ChatEvent> out) {
        for (int i = 0; i < reply.content().size(); i++) {
            Part part = reply.content().get(i);
            open(i, part, out);
            Seal seal = part.seal();
            if (seal != null) {
                out.accept(new ChatEvent.Sealed(i, seal));
            }
            rest(i, part, out);
        }
    }

    private static void open(int index, Part part, Consumer<ChatEvent> out) {
        switch (part) {
            case Part.Text text -> out.accept(new ChatEvent.TextDelta(index, text.text()));
            case Part.Thinking thinking ->
                    out.accept(new ChatEvent.ThinkingDelta(index, thinking.text()));
            case Part.ToolCall call ->
                    out.accept(new ChatEvent.ToolCallStarted(index, call.id(), call.name()));
            case Part.VendorItem _,
                    Part.Image _,
                    Part.Document _,
                    Part.Audio _,
                    Part.Video _,
                    Part.ToolResult _ ->
                    out.accept(new ChatEvent.Whole(index, part));
        }
    }

    private static void rest(int index, Part part, Consumer<ChatEvent> out) {
        if (part instanceof Part.ToolCall call) {
            out.accept(new ChatEvent.ToolCallDelta(index, call.arguments()));
        } else if (part instanceof Part.Text text) {
            text.citations().forEach(c -> out.accept(new ChatEvent.Cited(index, c)));
        }
    }
}
