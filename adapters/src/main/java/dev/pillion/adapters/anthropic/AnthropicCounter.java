package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.TokenCounter;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.TokenCount;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Extras;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.nio.ByteBuffer;

/**
 * Token counting, outbound: {@code POST /v1/messages/count_tokens}, which is free and has a rate
 * limit of its own. Source: Anthropic Messages API 2026-10-21.
 */
final class AnthropicCounter implements TokenCounter {
    static final String TOKENS = "input_tokens";

    @Override
    public UpstreamCall encode(ChatRequest request, EncodeContext context) {
        return new RequestEncoder(request, context).encodeCount();
    }

    @Override
    public TokenCount decode(ByteBuffer body) {
        JsonNode answer;
        try {
            int from = body.arrayOffset() + body.position();
            answer = Json.read(body.array(), from, body.remaining());
        } catch (MalformedJson e) {
            throw Fault.protocol("the vendor's count is not valid JSON").asException();
        }
        JsonNode tokens = answer.path(TOKENS);
        if (!tokens.isIntegralNumber() || tokens.longValue() < 0) {
            throw Fault.protocol("the vendor's count says no input_tokens").asException();
        }
        var rest = Json.object();
        for (var field : answer.properties()) {
            if (!field.getKey().equals(TOKENS)) {
                rest.set(field.getKey(), field.getValue());
            }
        }
        return new TokenCount(tokens.longValue(), Extras.of(Api.NAME, rest));
    }
}
