package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.TokenCounter;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.TokenCount;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Extras;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Token counting, outbound: {@code countTokens} of the whole request as it would be sent. Source:
 * Gemini API v1beta, 2026-11.
 */
final class GeminiCounter implements TokenCounter {
    static final String METHOD = "countTokens";
    static final String TOTAL = "totalTokens";
    static final String REQUEST = "generateContentRequest";

    @Override
    public UpstreamCall encode(ChatRequest request, EncodeContext context) {
        UpstreamCall sent = new GeminiRequestEncoder(request, context).encode();
        ByteBuffer bytes = sent.body().getFirst();
        ObjectNode body = (ObjectNode) tree(bytes);
        // Outside of it the vendor takes the conversation alone.
        if (body.size() > 1) {
            ObjectNode whole = Json.object();
            whole.putObject(REQUEST)
                    .put("model", GeminiMethods.resource(context.model().id()))
                    .setAll(body);
            body = whole;
        }
        return new UpstreamCall(
                "POST",
                GeminiMethods.path(context.model().id(), METHOD),
                GeminiEmbedder.HEADERS,
                List.of(ByteBuffer.wrap(Json.bytes(body))),
                false,
                sent.dropped(),
                sent.effortUsed());
    }

    private static JsonNode tree(ByteBuffer body) {
        try {
            int from = body.arrayOffset() + body.position();
            return Json.read(body.array(), from, body.remaining());
        } catch (MalformedJson e) {
            throw Fault.protocol("the vendor's count is not valid JSON").asException();
        }
    }

    @Override
    public TokenCount decode(ByteBuffer body) {
        JsonNode answer = tree(body);
        JsonNode total = answer.path(TOTAL);
        if (answer.path("error").isObject()) {
            throw GeminiFaults.inside(answer, Headers.NONE).asException();
        }
        // proto3 leaves out a count of none.
        boolean none = total.isMissingNode() && answer.isObject();
        if (!none && (!total.isIntegralNumber() || total.longValue() < 0)) {
            throw Fault.protocol("the vendor's count says no " + TOTAL).asException();
        }
        ObjectNode rest = answer.deepCopy();
        rest.remove(TOTAL);
        return new TokenCount(total.asLong(0), Extras.of(GeminiApi.NAME, rest));
    }
}
