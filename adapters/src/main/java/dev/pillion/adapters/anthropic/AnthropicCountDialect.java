package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.CountDialect;
import dev.pillion.adapters.ErrorShape;
import dev.pillion.adapters.Forwarding;
import dev.pillion.adapters.Outline;
import dev.pillion.adapters.Surface;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.TokenCount;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Json;

/**
 * Token counting, inbound: {@code POST /v1/messages/count_tokens}. Source: Anthropic Messages API
 * 2026-10-21 and 2023-06-01.
 */
public final class AnthropicCountDialect implements CountDialect {
    private static final Forwarding FORWARDING = new AnthropicCountForwarding();

    @Override
    public String surface() {
        return "count_tokens";
    }

    @Override
    public String vendor() {
        return Api.NAME;
    }

    @Override
    public Outline outline(Surface client) {
        return RequestScan.scanToCount(client);
    }

    @Override
    public ChatRequest decode(Surface client) {
        return RequestDecoder.decodeToCount(client);
    }

    @Override
    public void reply(TokenCount count, ByteSink out) {
        ObjectNode reply = Json.object().put(AnthropicCounter.TOKENS, count.inputTokens());
        ObjectNode own = count.extras().forVendor(Api.NAME);
        if (own != null) {
            reply.setAll(own);
        }
        out.write(Json.bytes(reply));
    }

    @Override
    public ErrorShape errors() {
        return ErrorBodies.SHAPE;
    }

    @Override
    public Forwarding passthrough() {
        return FORWARDING;
    }
}
