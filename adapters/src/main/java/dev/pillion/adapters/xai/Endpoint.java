package dev.pillion.adapters.xai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.Refusal;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Tool;
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
        boolean chat = wantsChat(request, context.provider()) && chatCan(request, context.model());
        return chat ? CHAT : RESPONSES;
    }

    private static boolean wantsChat(ChatRequest request, String provider) {
        return !request.output().stop().isEmpty()
                || hasChatField(request.extras().forVendor(Names.OPENAI))
                || hasChatField(request.vendor().get(Names.SPEAKS))
                || hasChatField(request.vendor().get(provider));
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

    /**
     * A thinking model refuses there what would send it there, and its bound leaves out what it
     * thinks; searching, addresses of files and vendor items have no place.
     */
    private static boolean chatCan(ChatRequest request, ModelTraits model) {
        return !model.refuses(Refusal.CHAT)
                && !model.refuses(Refusal.STOP)
                && !model.refuses(Refusal.PENALTIES)
                && (model.thinking() == null || request.output().maxTokens() == null)
                && request.webSearch() == null
                && request.tools().stream().noneMatch(Endpoint::isServerTool)
                && request.messages().stream()
                        .flatMap(message -> message.content().stream())
                        .noneMatch(Part.VendorItem.class::isInstance);
    }

    private static boolean isServerTool(Tool tool) {
        return tool instanceof Tool.Vendor vendor && vendor.provider().equals(Names.SPEAKS);
    }
}
