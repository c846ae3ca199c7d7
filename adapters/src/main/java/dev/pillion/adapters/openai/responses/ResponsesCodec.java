package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.ReplyDecoder;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.adapters.openai.AnswerReader;
import dev.pillion.adapters.openai.StrictSchema;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Output;
import dev.pillion.protocol.chat.Usage;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Responses API, outbound, for the providers that speak it. */
public final class ResponsesCodec {
    /** The least bound of an answer that OpenAI takes here. */
    public static final int MIN_OUTPUT_TOKENS = ResponsesQuirks.OPENAI.minOutputTokens();

    private ResponsesCodec() {}

    /** What a response says that it used. */
    public static Usage usage(JsonNode response, ResponsesQuirks quirks) {
        long searches = 0;
        for (JsonNode item : response.path("output")) {
            boolean call = item.path("type").asText().equals("web_search_call");
            searches += call && OwnItem.isSearch(item) ? 1 : 0;
        }
        return ResponseUsage.of(response, quirks, searches);
    }

    /** Whether the raw top-level field asks for what only Chat Completions has a word for. */
    public static boolean isOfChatOnly(String name, JsonNode value) {
        return RawFields.CHAT_ONLY.contains(name) && !RawFields.isDefault(name, value);
    }

    /** Whether among raw fields of a message, part or tool one has no place here. */
    public static boolean hasChatOnlyPlace(ObjectNode raw) {
        for (Map.Entry<String, JsonNode> field : raw.properties()) {
            boolean moved = RawParts.MOVED.contains(field.getKey());
            if (RawParts.CHAT_ONLY.contains(field.getKey()) && !moved) {
                return true;
            }
        }
        return false;
    }

    /**
     * The call: {@code POST /responses}, below a base address that already carries {@code /v1}.
     *
     * @throws dev.pillion.protocol.fault.FaultException {@code unsupported} with the field's name
     */
    public static UpstreamCall encode(
            ChatRequest request, EncodeContext context, ResponsesQuirks quirks) {
        return new ResponsesRequestEncoder(request, context, quirks).call();
    }

    /** A name for the conversation that stays while it grows; null where it has no beginning. */
    public static @Nullable String conversation(ChatRequest request) {
        return CacheKey.of(request);
    }

    /** Reads the answer to that call. */
    public static ReplyDecoder decoder(
            ChatRequest request, EncodeContext context, ResponsesQuirks quirks) {
        return new AnswerReader(
                new ResponseAnswer(
                        quirks,
                        context.account(),
                        context.model().id(),
                        unenforced(request, quirks)));
    }

    /** The schema that the vendor is not sure to follow; null: none, or the vendor is made to. */
    private static @Nullable ObjectNode unenforced(ChatRequest request, ResponsesQuirks quirks) {
        if (!(request.output().format() instanceof Output.Format.Schema wanted)
                || Boolean.FALSE.equals(wanted.strict())) {
            return null;
        }
        boolean enforced = quirks.strictSubset() && StrictSchema.problem(wanted.schema()) == null;
        return enforced ? null : wanted.schema();
    }
}
