package dev.pillion.adapters.gemini;

import dev.pillion.adapters.Dialect;
import dev.pillion.adapters.ErrorShape;
import dev.pillion.adapters.Needs;
import dev.pillion.adapters.Outline;
import dev.pillion.adapters.Passthrough;
import dev.pillion.adapters.Refusal;
import dev.pillion.adapters.ReplyContext;
import dev.pillion.adapters.ReplyEncoder;
import dev.pillion.adapters.Surface;
import dev.pillion.protocol.chat.ChatReply;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Effort;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gemini, inbound: {@code POST /v1beta/models/MODEL:generateContent} and {@code
 * :streamGenerateContent} as Google's GenAI SDKs speak it. Source: Gemini API v1 and v1beta, SDKs
 * 3.x of 2026-11.
 */
public final class GeminiDialect implements Dialect {

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
        ChatRequest request = decode(client);
        Set<Refusal> refusable = Needs.refusable(request);
        if (request.effort() == Effort.OFF) {
            refusable.add(Refusal.THINKING_OFF);
        }
        if (penalises(request)) {
            refusable.add(Refusal.PENALTIES);
        }
        return new Outline(
                request.model(),
                request.stream(),
                Needs.of(request),
                refusable,
                client.body().length,
                -1,
                -1,
                request.output().maxTokens(),
                true,
                Outline.Splice.NONE,
                request);
    }

    private static boolean penalises(ChatRequest request) {
        var raw = request.extras().forVendor(GeminiApi.NAME);
        if (raw == null) {
            return false;
        }
        var config = raw.path("generationConfig");
        return config.has("presencePenalty") || config.has("frequencyPenalty");
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
    public @Nullable Passthrough passthrough() {
        return null;
    }
}
