package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.JsonNode;
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
 * Token counting, inbound: {@code POST /v1beta/models/MODEL:countTokens} as Google's GenAI SDKs
 * speak it, with the request in {@code generateContentRequest} or, as at Vertex AI, in place.
 * Source: Gemini API v1 and v1beta, SDKs 3.x of 2026-11.
 */
public final class GeminiCountDialect implements CountDialect {
    private static final Forwarding FORWARDING = new GeminiCountForwarding();

    @Override
    public String surface() {
        return GeminiCounter.METHOD;
    }

    @Override
    public String vendor() {
        return GeminiApi.NAME;
    }

    @Override
    public Outline outline(Surface client) {
        Outline scanned = GeminiScan.scanToCount(client);
        return scanned == null ? GeminiScan.decoded(client, decode(client)) : scanned;
    }

    @Override
    public ChatRequest decode(Surface client) {
        JsonNode body = client.json();
        JsonNode inner = GeminiObject.of(body, "").get(GeminiCounter.REQUEST);
        byte[] counted = inner == null ? client.body() : Json.bytes(inner);
        return GeminiRequestDecoder.decode(
                new Surface(client.path(), client.query(), client.headers(), counted));
    }

    @Override
    public void reply(TokenCount count, ByteSink out) {
        ObjectNode reply = Json.object().put(GeminiCounter.TOTAL, count.inputTokens());
        ObjectNode own = count.extras().forVendor(GeminiApi.NAME);
        if (own != null) {
            reply.setAll(own);
        }
        out.write(Json.bytes(reply));
    }

    @Override
    public ErrorShape errors() {
        return GeminiErrors.SHAPE;
    }

    @Override
    public Forwarding passthrough() {
        return FORWARDING;
    }
}
