package dev.pillion.adapters.xai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.Refusal;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.MediaSource;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.chat.Tool;
import dev.pillion.protocol.wire.Extras;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which of xAI's two interfaces serves a request. */
enum Endpoint {
    /** For everything that it can express. */
    RESPONSES,
    /** Legacy: only where nothing else can express the request and the model takes it. */
    CHAT;

    /** Top-level fields that only Chat Completions has. */
    private static final List<String> CHAT_FIELDS =
            List.of("stop", "frequency_penalty", "presence_penalty");

    static Endpoint of(ChatRequest request, EncodeContext context) {
        ModelTraits model = context.model();
        if (model.refuses(Refusal.RESPONSES)) {
            return CHAT;
        }
        boolean stops = !request.output().stop().isEmpty();
        boolean penalised =
                hasChatField(request.extras().forVendor(Names.OPENAI))
                        || hasChatField(request.vendor().get(Names.SPEAKS))
                        || hasChatField(request.vendor().get(context.provider()));
        boolean refused =
                (stops && model.refuses(Refusal.STOP))
                        || (penalised && model.refuses(Refusal.PENALTIES));
        boolean wanted = stops || penalised || hasNames(request);
        return wanted && !refused && chatCan(request, model) ? CHAT : RESPONSES;
    }

    private static boolean hasChatField(@Nullable ObjectNode raw) {
        if (raw == null) {
            return false;
        }
        for (String name : CHAT_FIELDS) {
            if (raw.has(name)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a message tells which of several participants speaks. */
    private static boolean hasNames(ChatRequest request) {
        return request.messages().stream().anyMatch(message -> isNamed(message.extras()))
                || request.system().stream().anyMatch(text -> isNamed(text.extras()));
    }

    private static boolean isNamed(Extras extras) {
        ObjectNode raw = extras.forVendor(Names.OPENAI);
        return raw != null && raw.has("name") && !extras.optional();
    }

    /**
     * The bound of a thinking model's answer leaves out there what it thinks, and its state has no
     * place; nor have searching, addresses of files and vendor items.
     */
    private static boolean chatCan(ChatRequest request, ModelTraits model) {
        return !model.refuses(Refusal.CHAT)
                && (model.thinking() == null || request.output().maxTokens() == null)
                && request.webSearch() == null
                && request.tools().stream().noneMatch(Endpoint::isServerTool)
                && request.messages().stream()
                        .flatMap(message -> message.content().stream())
                        .noneMatch(Endpoint::isOfResponses);
    }

    private static boolean isOfResponses(Part part) {
        return switch (part) {
            case Part.VendorItem _ -> true;
            case Part.Document document -> document.source() instanceof MediaSource.Url;
            case Part.Thinking thinking -> isOurs(thinking.seal());
            case Part.Text _,
                    Part.Image _,
                    Part.Audio _,
                    Part.Video _,
                    Part.ToolCall _,
                    Part.ToolResult _ ->
                    false;
        };
    }

    private static boolean isOurs(@Nullable Seal seal) {
        return seal != null && seal.provider().equals(Names.SPEAKS);
    }

    private static boolean isServerTool(Tool tool) {
        return tool instanceof Tool.Vendor vendor && vendor.provider().equals(Names.SPEAKS);
    }
}
