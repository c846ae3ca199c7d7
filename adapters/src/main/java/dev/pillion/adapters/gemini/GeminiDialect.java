package dev.pillion.adapters.gemini;

import dev.pillion.adapters.Dialect;
import dev.pillion.adapters.ErrorShape;
import dev.pillion.adapters.Outline;
import dev.pillion.adapters.Passthrough;
import dev.pillion.adapters.ReplyContext;
import dev.pillion.adapters.ReplyEncoder;
import dev.pillion.adapters.Surface;
import dev.pillion.protocol.chat.ChatReply;
import dev.pillion.protocol.chat.ChatRequest;

/**
 * Gemini, inbound: {@code POST /v1beta/models/MODEL:generateContent} and {@code
 * :streamGenerateContent} as Google's GenAI SDKs speak it. Source: Gemini API v1 and v1beta, SDKs
 * 3.x of 2026-11.
 */
public final class GeminiDialect implements Dialect {
    private static final Passthrough PASSTHROUGH = new GeminiPassthrough();

    @Override
    public String surface() {
        return "generateContent";
    }

    @Override
    public String vendor() {
        return GeminiApi.NAME;
    }

    @Override
    public Outline outline(Surface client) {
        return GeminiScan.scan(client);
    }

    @Override
    public ChatRequest decode(Surface client) {
        return GeminiRequestDecoder.decode(client);
    }

    @Override
    public String streamType(Surface client) {
        return GeminiPath.sse(client)
                ? "text/event-stream; charset=utf-8"
                : "application/json; charset=UTF-8";
    }

    @Override
    public ReplyEncoder encoder(ReplyContext context) {
        return new GeminiChunkEncoder(context);
    }

    @Override
    public byte[] reply(ChatReply reply, ReplyContext context) {
        return GeminiReply.whole(reply, context);
    }

    @Override
    public ErrorShape errors() {
        return GeminiErrors.SHAPE;
    }

    @Override
    public Passthrough passthrough() {
        return PASSTHROUGH;
    }
}
