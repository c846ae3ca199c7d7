package dev.pillion.adapters.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.Refusal;
import dev.pillion.adapters.openai.responses.ResponsesCodec;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.chat.MediaSource;
import dev.pillion.protocol.chat.Message;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Tool;
import dev.pillion.protocol.wire.Extras;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which of OpenAI's two APIs serves a request. It is the same for a request and a model whenever it
 * is asked, so that an answer is read as what was asked for.
 */
enum Endpoint {
    /** For all that it can express. */
    RESPONSES,
    /** Where only it can express the request and the model takes that, and at other servers. */
    CHAT;

    /** Raw fields that only the Responses API has. */
    private static final Set<String> RESPONSES_FIELDS =
            Set.of(
                    "previous_response_id",
                    "conversation",
                    "prompt",
                    "include",
                    "truncation",
                    "context_management",
                    "max_tool_calls",
                    "text",
                    "reasoning");

    static Endpoint of(ChatRequest request, EncodeContext context) {
        ModelTraits model = context.model();
        if (!context.provider().equals(Marks.SPEAKS) || model.refuses(Refusal.RESPONSES)) {
            return CHAT;
        }
        boolean chat =
                !model.refuses(Refusal.CHAT) && wantsChat(request) && chatCan(request, model);
        return chat ? CHAT : RESPONSES;
    }

    private static boolean wantsChat(ChatRequest request) {
        Integer max = request.output().maxTokens();
        return !request.output().stop().isEmpty()
                || request.sampling().seed() != null
                || (max != null && max < ResponsesCodec.MIN_OUTPUT_TOKENS)
                || raw(request).stream().anyMatch(Endpoint::hasChatField)
                || request.messages().stream().anyMatch(Endpoint::isOfChat)
                || request.system().stream().anyMatch(text -> isOfChat(text.extras()))
                || request.tools().stream().anyMatch(Endpoint::isOfChat);
    }

    private static List<ObjectNode> raw(ChatRequest request) {
        ObjectNode extras = request.extras().forVendor(Marks.SPEAKS);
        ObjectNode vendor = request.vendor().get(Marks.SPEAKS);
        if (extras == null || vendor == null) {
            ObjectNode only = extras == null ? vendor : extras;
            return only == null ? List.of() : List.of(only);
        }
        return List.of(extras, vendor);
    }

    private static boolean hasChatField(ObjectNode raw) {
        for (Map.Entry<String, JsonNode> field : raw.properties()) {
            if (ResponsesCodec.isOfChatOnly(field.getKey(), field.getValue())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOfChat(Message message) {
        return isOfChat(message.extras())
                || message.content().stream()
                        .anyMatch(part -> part instanceof Part.Audio || isOfChat(part.extras()));
    }

    private static boolean isOfChat(Tool tool) {
        return tool instanceof Tool.Function function && isOfChat(function.extras());
    }

    /** Whether the raw fields of a message, part or tool have a place in Chat Completions alone. */
    private static boolean isOfChat(Extras extras) {
        ObjectNode raw = extras.forVendor(Marks.SPEAKS);
        return raw != null && !extras.optional() && ResponsesCodec.hasChatOnlyPlace(raw);
    }

    private static boolean chatCan(ChatRequest request, ModelTraits model) {
        Effort effort = request.effort() == null ? null : model.effortFor(request.effort());
        boolean stops = !request.output().stop().isEmpty();
        boolean tools = !request.tools().isEmpty();
        return !(stops && model.refuses(Refusal.STOP))
                && !(tools && refusesTools(model, effort))
                && (request.sampling().seed() == null || model.takesSampling(effort))
                && request.webSearch() == null
                && raw(request).stream().allMatch(raw -> chatTakes(raw, model))
                && request.tools().stream().noneMatch(Endpoint::isServerTool)
                && request.messages().stream()
                        .flatMap(message -> message.content().stream())
                        .allMatch(Endpoint::chatTakes);
    }

    /** Whether the model refuses functions on Chat Completions at that effort; null: not told. */
    static boolean refusesTools(ModelTraits model, @Nullable Effort effort) {
        boolean told = effort != null && effort != Effort.OFF;
        return (model.refuses(Refusal.TOOLS_ON_CHAT) && effort != Effort.OFF)
                || (model.refuses(Refusal.TOOLS_ON_CHAT_THINKING) && told);
    }

    private static boolean chatTakes(ObjectNode raw, ModelTraits model) {
        for (Map.Entry<String, JsonNode> field : raw.properties()) {
            String name = field.getKey();
            boolean penalty = name.endsWith("_penalty") || name.equals("logit_bias");
            boolean asked = ResponsesCodec.isOfChatOnly(name, field.getValue());
            if (RESPONSES_FIELDS.contains(name)
                    || (penalty && asked && model.refuses(Refusal.PENALTIES))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isServerTool(Tool tool) {
        return tool instanceof Tool.Vendor vendor
                && !vendor.definition().path("type").asText().equals("custom");
    }

    private static boolean chatTakes(Part part) {
        return switch (part) {
            case Part.VendorItem _ -> false;
            case Part.Image image -> !(image.source() instanceof MediaSource.FileRef);
            case Part.Document document -> !(document.source() instanceof MediaSource.Url);
            case Part.ToolResult result -> result.content().stream().allMatch(Endpoint::chatTakes);
            case Part.Text _, Part.Audio _, Part.Video _, Part.ToolCall _, Part.Thinking _ -> true;
        };
    }
}
